#include <cairn/plugin.h>

#include "sdk/src/definition.h"

#include <cairn/types.capnp.h>

#include <algorithm>

namespace cairn {
namespace {

// An exec answers an int; on the wire it is a value like any other.
detail::Function withExecResult(detail::Function function) {
  if (function.output || !function.run) return function;
  function.output = detail::typeOf<wire::ExecResult>();
  function.run =
      [run = std::move(function.run)](const detail::Invocation& invocation) -> Result<detail::Answer> {
    auto answer = CAIRN_TRY(run(invocation));
    Owned<wire::ExecResult> result;
    result->setExitCode(answer.exitCode);
    answer.words = detail::canonicalWords(capnp::AnyStruct::Reader(result.reader()));
    return answer;
  };
  return function;
}

// "docker.Image-to-oci.Image"; several inputs are joined by "+".
std::string defaultName(const detail::Function& mapper) {
  std::string name;
  for (auto& input : mapper.inputs) {
    if (!name.empty()) name += '+';
    name += detail::typeName(input);
  }
  return name.append("-to-").append(detail::typeName(*mapper.output));
}

}  // namespace

bool UnknownSettings::contains(std::string_view path) const {
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

const detail::Function* Plugin::Definition::Component::find(wire::Manifest::Operation::Name name) const {
  for (auto& operation : operations) {
    if (operation.name == name) return &operation.function;
  }
  return nullptr;
}

std::optional<capnp::StructSchema> Plugin::Definition::Component::settings() const {
  std::optional<capnp::StructSchema> found;
  auto take = [&](const detail::Function& function) {
    if (!function.settings) return;
    CAIRN_ASSERT(!found || *found == *function.settings);  // one component, one settings struct
    found = function.settings;
  };
  for (auto& operation : operations) take(operation.function);
  if (check) take(*check);
  return found;
}

const Plugin::Definition::Component* Plugin::Definition::find(wire::Manifest::Component::Kind kind,
                                                              std::string_view name) const {
  for (auto& component : components) {
    if (component.kind == kind && component.name == name) return &component;
  }
  return nullptr;
}

const Plugin::Definition::Mapper* Plugin::Definition::findMapper(std::string_view name) const {
  for (auto& mapper : mappers) {
    if (mapper.name == name) return &mapper;
  }
  return nullptr;
}

Plugin::Plugin(std::string name) : definition_(std::make_shared<Definition>()) {
  definition_->name = std::move(name);
}

Plugin& Plugin::version(std::string version) {
  definition_->version = std::move(version);
  return *this;
}

Plugin& Plugin::description(std::string oneLine) {
  definition_->description = std::move(oneLine);
  return *this;
}

Plugin& Plugin::needsServices() {
  definition_->needsServices = true;
  return *this;
}

Plugin& Plugin::environment(std::string name) {
  definition_->environment.push_back(std::move(name));
  return *this;
}

Plugin& Plugin::named(std::string name) {
  (definition_->mapperWasLast ? definition_->mappers.back().name : definition_->components.back().name) =
      std::move(name);
  return *this;
}

Plugin& Plugin::doc(std::string text) {
  (definition_->mapperWasLast ? definition_->mappers.back().doc : definition_->components.back().doc) =
      std::move(text);
  return *this;
}

Plugin& Plugin::defaultReleaser(std::string name) {
  definition_->components.back().defaultReleaser = std::move(name);
  return *this;
}

Plugin& Plugin::cost(std::uint32_t cost) {
  definition_->mappers.back().cost = cost;
  return *this;
}

Plugin& Plugin::lossy() {
  definition_->mappers.back().lossy = true;
  return *this;
}

Plugin& Plugin::idempotent() {
  definition_->mappers.back().effects = wire::Manifest::Mapper::Effects::IDEMPOTENT;
  return *this;
}

Plugin& Plugin::effectful() {
  definition_->mappers.back().effects = wire::Manifest::Mapper::Effects::EFFECTFUL;
  return *this;
}

void Plugin::add(Kind kind) {
  definition_->components.push_back({.kind = kind, .name = definition_->name});
  definition_->mapperWasLast = false;
}

void Plugin::addOperation(Op op, detail::Function function) {
  CAIRN_ASSERT(function.run != nullptr);
  if (op == Op::EXEC) function = withExecResult(std::move(function));
  definition_->components.back().operations.push_back({op, std::move(function)});
}

void Plugin::addMapper(detail::Function function) {
  CAIRN_ASSERT(function.output.has_value() && !function.inputs.empty());
  auto name = defaultName(function);
  definition_->mappers.push_back({.name = std::move(name), .function = std::move(function)});
  definition_->mapperWasLast = true;
}

void Plugin::setCheck(detail::Function function) {
  if (!function.check) {
    function.check = [run = std::move(function.run)](const detail::Invocation& invocation) {
      std::vector<Error> errors;
      if (auto result = run(invocation); !result) errors.push_back(std::move(result).error());
      return errors;
    };
  }
  definition_->components.back().check = std::move(function);
}

void Plugin::addType(capnp::StructSchema type) {
  CAIRN_ASSERT(detail::isValueType(type));
  definition_->types.push_back(type);
}

}  // namespace cairn
