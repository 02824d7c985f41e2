#include <cairn/graph/graph_builder.h>

#include "mapper-graph/builder_state.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <tuple>

namespace cairn::graph {
namespace {

Error badMapper(const MapperSpec& mapper, std::string what, std::string hint) {
  return Error{.kind = ErrorKind::Config,
               .code = "bad-mapper",
               .message = "mapper '" + mapper.id + "' " + std::move(what),
               .hint = std::move(hint)};
}

// Up to here each input is compared with each other one, which needs no memory.
constexpr std::size_t kFewInputs = 16;

bool isSame(const MapperInput& a, const MapperInput& b) {
  return a.type == b.type && a.role == b.role;
}

bool takesOneTwice(const std::vector<MapperInput>& inputs) {
  if (inputs.size() > kFewInputs) {
    std::vector<const MapperInput*> sorted;
    for (const auto& input : inputs) sorted.push_back(&input);
    std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
      return std::tie(a->type, a->role) < std::tie(b->type, b->role);
    });
    return std::adjacent_find(sorted.begin(), sorted.end(),
                              [](const auto* a, const auto* b) { return isSame(*a, *b); }) != sorted.end();
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (isSame(inputs[i], inputs[j])) return true;
    }
  }
  return false;
}

std::optional<Error> wrongWith(const MapperSpec& mapper) {
  if (mapper.id.empty()) return badMapper(mapper, "has no id", "name it plugin@version/mapper");
  if (mapper.inputs.empty()) {
    return badMapper(mapper, "takes no input",
                     "a mapper turns values into another; what makes one from nothing is a builder");
  }
  if (mapper.inputs.size() > std::numeric_limits<std::uint16_t>::max()) {
    return badMapper(mapper, "takes more than 65535 inputs", "join them in steps");
  }
  if (mapper.cost > kMaxCost) {
    return badMapper(mapper, "costs " + std::to_string(mapper.cost),
                     "a cost is a number from 0 to " + std::to_string(kMaxCost));
  }
  if (mapper.effects > Effects::Effectful) {
    return badMapper(mapper, "has effects of an unknown kind",
                     "update Cairn, which may be older than the plugin");
  }
  if (takesOneTwice(mapper.inputs)) {
    return badMapper(mapper, "takes one type twice in the same role", "give each of them a role of its own");
  }
  return std::nullopt;
}

}  // namespace

GraphBuilder::GraphBuilder() : state_(std::make_unique<State>()) {}
GraphBuilder::~GraphBuilder() = default;
GraphBuilder::GraphBuilder(GraphBuilder&&) noexcept = default;
GraphBuilder& GraphBuilder::operator=(GraphBuilder&&) noexcept = default;

void GraphBuilder::expect(std::size_t types, std::size_t mappers) {
  State& state = *state_;
  state.typeById.reserve(types);
  state.typeByName.reserve(types);
  state.mapperById.reserve(mappers);
  state.types.reserve(types);
  state.mappers.reserve(mappers);
  state.mentioned.reserve(mappers * 3);
  state.mentionedRoles.reserve(mappers * 3);
  state.text.reserve(mappers * 40);
}

std::optional<Error> GraphBuilder::State::addType(const TypeRef& type, std::uint64_t hash) {
  if (type.name.empty()) {
    rowOf(type.id);
    return std::nullopt;
  }
  const std::uint32_t named =
      typeByName.find(hash, [&](std::uint32_t row) { return types[row].name == type.name; });
  if (named != FlatIndex::kAbsent) {
    if (types[named].id == type.id) return std::nullopt;
    return Error{
        .kind = ErrorKind::Config,
        .code = "type-conflict",
        .message = "type name " + type.name + " stands for two types, " + unnamedType(types[named].id) +
                   " and " + unnamedType(type.id),
        .hint = "two plugins name different types alike: rename the type in one, or use one of them"};
  }
  const std::uint32_t row = rowOf(type.id);
  if (!types[row].name.empty()) {
    return Error{.kind = ErrorKind::Config,
                 .code = "type-conflict",
                 .message = "type " + unnamedType(type.id) + " has two names, " + types[row].name + " and " +
                            type.name,
                 .hint = "two plugins carry different versions of one schema: update the older one"};
  }
  types[row].name = type.name;
  typeByName.insert(hash, row);
  return std::nullopt;
}

std::optional<Error> GraphBuilder::State::addMapper(const MapperSpec& mapper, std::uint64_t hash) {
  if (auto error = wrongWith(mapper)) return error;
  const auto isIt = [&](std::uint32_t row) { return id(row) == mapper.id; };
  if (mapperById.find(hash, isIt) != FlatIndex::kAbsent) {
    return Error{
        .kind = ErrorKind::Config,
        .code = "duplicate-mapper",
        .message = "mapper id '" + mapper.id + "' is taken",
        .hint = "a mapper's id is plugin@version/mapper: give each mapper of the plugin a name of its own"};
  }
  const auto row = static_cast<std::uint32_t>(mappers.size());
  MapperRow& added = mappers.emplace_back();
  added.idAt = static_cast<std::uint32_t>(text.size());
  added.idSize = static_cast<std::uint32_t>(mapper.id.size());
  added.plugin = plugins.number(mapper.plugin);
  added.firstInput = static_cast<std::uint32_t>(mentioned.size() + 1);
  added.inputCount = static_cast<std::uint16_t>(mapper.inputs.size());
  added.cost = mapper.cost;
  added.gates = gateRow(mapper);
  added.effects = mapper.effects;
  added.lossy = mapper.lossy;
  added.enabled = mapper.enabled;
  mention(mapper.output, 0);
  for (const MapperInput& input : mapper.inputs) {
    mention(input.type, input.role.empty() ? 0 : roles.number(input.role));
    added.hasRoles |= !input.role.empty();
  }
  text += mapper.id;
  mapperById.insert(hash, row);
  return std::nullopt;
}

Result<void> GraphBuilder::addType(const TypeRef& type) {
  if (auto error = state_->addType(type, hashOf(type.name))) return *std::move(error);
  return {};
}

Result<void> GraphBuilder::addMapper(const MapperSpec& mapper) {
  if (auto error = state_->addMapper(mapper, hashOf(mapper.id))) return *std::move(error);
  return {};
}

// What is read of a type or mapper, and where it goes, lies far apart in memory: all of it is asked for
// ahead.
Result<void> GraphBuilder::addTypes(std::span<const TypeRef> types) {
  State& state = *state_;
  std::array<std::uint64_t, kAhead> hashes{};
  for (std::size_t i = 0; i < types.size() + kAhead; ++i) {
    if (i >= kAhead) {
      if (auto error = state.addType(types[i - kAhead], hashes[i % kAhead])) return *std::move(error);
    }
    if (i >= types.size()) continue;
    hashes[i % kAhead] = hashOf(types[i].name);
    state.typeByName.expect(hashes[i % kAhead]);
    state.typeById.expect(types[i].id);
  }
  return {};
}

Result<void> GraphBuilder::addMappers(std::span<const MapperSpec> mappers) {
  State& state = *state_;
  std::array<std::uint64_t, kAhead> hashes{};
  for (std::size_t i = 0; i < mappers.size() + kAhead; ++i) {
    if (i + 2 * kAhead < mappers.size()) expectObject(mappers[i + 2 * kAhead]);
    if (i + kAhead < mappers.size()) {
      __builtin_prefetch(mappers[i + kAhead].id.data());
      __builtin_prefetch(mappers[i + kAhead].inputs.data());
    }
    if (i >= kAhead) {
      if (auto error = state.addMapper(mappers[i - kAhead], hashes[i % kAhead])) return *std::move(error);
    }
    if (i >= mappers.size()) continue;
    hashes[i % kAhead] = hashOf(mappers[i].id);
    state.mapperById.expect(hashes[i % kAhead]);
  }
  return {};
}

}  // namespace cairn::graph
