// The parts of mapper_scopes.h that check what mappers say about apps, stages and each other.

#include "host/project/mapper_scopes.h"
#include "host/project/near_names.h"

#include <algorithm>
#include <unordered_map>

namespace cairn::host {
namespace {

using Declarations = std::vector<MapperDeclaration>;

constexpr std::size_t kFewErrors = 100;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Error refusal(const MapperDeclaration& mapper, const SourcePosition& at, std::string code,
              std::string message, std::string hint) {
  return {.kind = ErrorKind::Config,
          .code = std::move(code),
          .message = "mapper '" + mapper.name + "' " + std::move(message),
          .hint = std::move(hint),
          .position = at,
          .settingPath = mapper.path()};
}

// A stage that none of its apps has would be a gate that nothing ever passes.
void checkStage(const MapperDeclaration& mapper, const GatePlace& place, const MapperSurroundings& file,
                Errors& errors) {
  std::vector<std::string> apps = mapper.apps.empty() ? file.apps : mapper.apps;
  if (!mapper.app.empty()) apps = {mapper.app};
  if (!place.app.empty()) apps = {place.app};
  const auto found = file.stages.find(place.stage);
  const bool has = found != file.stages.end() && std::any_of(apps.begin(), apps.end(), [&](const auto& app) {
                     return contains(found->second, app);
                   });
  if (has) return;
  const std::string who = apps.size() == 1 ? "the app '" + apps[0] + "' has no" : "no app it is for has a";
  errors.push_back(refusal(mapper, place.position, "unknown-gate-place",
                           "is a gate of '" + place.text() + "', but " + who + " stage '" + place.stage + "'",
                           "name a stage that is there, or add it: [app." +
                               (apps.size() == 1 ? apps[0] : std::string("NAME")) + "." + place.stage + "]"));
}

void checkPlaces(const MapperDeclaration& mapper, const MapperSurroundings& file, Errors& errors) {
  for (const std::string& app : mapper.apps) {
    if (contains(file.apps, app)) continue;
    errors.push_back(refusal(mapper, mapper.position, "unknown-app",
                             "is for '" + app + "', which is no app of this file", nameHint(app, file.apps)));
  }
  for (const GatePlace& place : mapper.gate) {
    if (!place.app.empty() && !contains(file.apps, place.app)) {
      errors.push_back(refusal(mapper, place.position, "unknown-app",
                               "is a gate of '" + place.app + "', which is no app of this file",
                               nameHint(place.app, file.apps)));
    } else if (!place.app.empty() && !mapper.app.empty() && place.app != mapper.app) {
      errors.push_back(
          refusal(mapper, place.position, "unknown-gate-place",
                  "is one of the app '" + mapper.app + "' and can't be a gate of '" + place.app + "'",
                  "declare it under [[app." + place.app + ".mapper]] or [[mapper]]"));
    } else if (!place.stage.empty() && place.component.empty()) {
      checkStage(mapper, place, file, errors);
    }
    if (place.component.empty()) continue;
    const auto uses = file.uses.find(place.stage);
    const auto names = uses == file.uses.end() ? std::vector<std::string>() : uses->second;
    // A misspelled component would be a gate that nothing ever passes.
    const bool used = std::any_of(names.begin(), names.end(), [&](const std::string& use) {
      return place.covers(place.app, place.stage, use);
    });
    if (used) continue;
    errors.push_back(refusal(mapper, place.position, "unknown-gate-place",
                             "is a gate of '" + place.text() + "', but no app has " + place.stage +
                                 ".use = \"" + place.component + "\"",
                             nameHint(place.component, names)));
  }
}

const SourcePosition& positionOfAfter(const MapperDeclaration& mapper, const std::string& name) {
  const auto found = std::find(mapper.after.begin(), mapper.after.end(), name);
  return mapper.afterPositions[static_cast<std::size_t>(found - mapper.after.begin())];
}

// The gates that one app sees, or those of the project, by name.
class GateOrder {
 public:
  GateOrder(const Declarations& all, const std::string& app, Errors& errors) : all_(all), errors_(errors) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const MapperDeclaration& mapper = all[i];
      const bool seen = app.empty() ? mapper.app.empty() : mapper.isFor(app);
      if (!seen) continue;
      indices_.emplace(mapper.name, i);
      if (mapper.isGate()) gates_.push_back(mapper.name);
    }
  }

  // Of the mappers whose own app is `app`: others have been checked where they are declared.
  void checkNames(const std::string& app) {
    for (const auto& [name, index] : indices_) {
      const MapperDeclaration& mapper = all_[index];
      if (mapper.app != app) continue;
      for (std::size_t i = 0; i < mapper.after.size(); ++i) checkName(mapper, i);
    }
  }

  void checkCycles() {
    for (const auto& [name, index] : indices_) {
      if (!visit(index)) return;
    }
  }

 private:
  void checkName(const MapperDeclaration& mapper, std::size_t position) {
    const std::string& after = mapper.after[position];
    const auto found = indices_.find(after);
    if (found != indices_.end() && all_[found->second].isGate()) return;
    // The nearest of thousands of names takes a while: not for each of thousands of mistakes.
    const bool few = errors_.size() < kFewErrors;
    const std::string what = found == indices_.end() ? "which is no mapper here" : "which is no gate";
    errors_.push_back(refusal(mapper, mapper.afterPositions[position], "unknown-gate",
                              "comes after '" + after + "', " + what, few ? nameHint(after, gates_) : ""));
  }

  // False once a circle was told. Without recursion: a file may hold a row of thousands.
  bool visit(std::size_t start) {
    struct Level {
      std::size_t index, next = 0;
    };
    std::vector<Level> trail = {{start}};
    if (state_[start] == State::Done) return true;
    state_[start] = State::OnTrail;
    while (!trail.empty()) {
      Level& top = trail.back();
      const MapperDeclaration& mapper = all_[top.index];
      if (top.next == mapper.after.size()) {
        state_[top.index] = State::Done;
        trail.pop_back();
        continue;
      }
      const auto found = indices_.find(mapper.after[top.next++]);
      if (found == indices_.end()) continue;
      State& state = state_[found->second];
      if (state == State::OnTrail) {
        std::vector<std::size_t> circle;
        for (const Level& level : trail) circle.push_back(level.index);
        circle.erase(circle.begin(), std::find(circle.begin(), circle.end(), found->second));
        tell(circle);
        return false;
      }
      if (state == State::New) {
        state = State::OnTrail;
        trail.push_back({found->second});
      }
    }
    return true;
  }

  void tell(const std::vector<std::size_t>& circle) {
    constexpr std::size_t kShown = 8;
    std::string names;
    for (std::size_t i = 0; i < std::min(circle.size(), kShown); ++i) names += all_[circle[i]].name + " → ";
    if (circle.size() > kShown) names += "… → ";
    const MapperDeclaration& last = all_[circle.back()];
    errors_.push_back({.kind = ErrorKind::Config,
                       .code = "gate-cycle",
                       .message = "gates come after each other in a circle: " + names + all_[circle[0]].name,
                       .hint = "take one of them out of `after`",
                       .position = positionOfAfter(last, all_[circle[0]].name),
                       .settingPath = last.path()});
  }

  enum class State { New, OnTrail, Done };
  const Declarations& all_;
  Errors& errors_;
  std::map<std::string, std::size_t> indices_;
  std::vector<std::string> gates_;
  std::unordered_map<std::size_t, State> state_;
};

}  // namespace

void checkMappers(const Declarations& mappers, const MapperSurroundings& surroundings, Errors& errors) {
  std::vector<std::string> scopes = {""};
  for (const MapperDeclaration& mapper : mappers) {
    checkPlaces(mapper, surroundings, errors);
    if (!contains(scopes, mapper.app)) scopes.push_back(mapper.app);
  }
  for (const std::string& app : scopes) {
    GateOrder order(mappers, app, errors);
    order.checkNames(app);
    order.checkCycles();
  }
}

}  // namespace cairn::host
