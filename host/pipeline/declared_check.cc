#include "host/pipeline/declared_check.h"

#include <host/pipeline/declared_step.h>

#include <iterator>
#include <optional>
#include <unordered_map>

namespace cairn::host {
namespace {

// The place inside a string is found from the top of the file: not for each of thousands of mistakes.
constexpr std::size_t kFewErrors = 100;

class DeclaredCheck {
 public:
  DeclaredCheck(const PlanInputs& inputs, MapperEssences& essences) : inputs_(inputs), essences_(essences) {
    for (const graph::TypeRef& type : inputs.types.of("").graph().types()) types_.emplace(type.name, type.id);
  }

  // Empty where no app has the mapper: it can do no harm, and no good. `few`: so far, there were.
  Errors check(const MapperDeclaration& mapper, bool few) {
    few_ = few;
    for (const App& app : inputs_.project.apps) {
      if (mapper.isFor(app.name)) return checkFor(app, mapper);
    }
    return {};
  }

 private:
  Errors checkFor(const App& app, const MapperDeclaration& mapper) {
    const Scope* scope = scopeOf(app);
    const TypeGraph& types = inputs_.types.of(app.name);
    if (scope == nullptr) return {};
    graph::Step step;
    step.mapper = mapper.id();
    step.output = typeOf(mapper.output);
    for (const DeclaredInput& input : mapper.inputs) step.inputs.push_back({typeOf(input), input.role, {}});
    Owned<wire::Plan::Step> nowhere;
    return writeDeclared(types.home(step.mapper), step, inputs_.plugins, *inputs_.types.schemas(),
                         inputs_.project, *scope, essences_, *nowhere);
  }

  std::uint64_t typeOf(const DeclaredInput& place) const {
    const auto known = types_.find(place.type);
    return known == types_.end() ? 0 : known->second;
  }

  // Null where the app's own labels have mistakes, which are told with its stages.
  const Scope* scopeOf(const App& app) {
    auto [known, isNew] = scopes_.try_emplace(app.name);
    if (isNew) {
      auto scope = planScope(inputs_.project, app, StageKind::Build, inputs_.variables, processEnvironment(),
                             inputs_.git);
      if (scope) known->second = std::move(*scope);
    }
    if (!known->second) return nullptr;
    if (!few_) known->second->source = nullptr;
    return &*known->second;
  }

  const PlanInputs& inputs_;
  MapperEssences& essences_;
  std::unordered_map<std::string, std::uint64_t> types_;  // by name
  bool few_ = true;
  std::map<std::string, std::optional<Scope>> scopes_;
};

}  // namespace

std::set<std::string> checkDeclared(const PlanInputs& inputs, MapperEssences& essences, Errors& errors) {
  std::set<std::string> faulty;
  DeclaredCheck check(inputs, essences);
  for (const MapperDeclaration& mapper : inputs.project.mappers) {
    Errors found = check.check(mapper, errors.size() < kFewErrors);
    if (!found.empty()) faulty.insert(mapper.id());
    std::move(found.begin(), found.end(), std::back_inserter(errors));
  }
  return faulty;
}

}  // namespace cairn::host
