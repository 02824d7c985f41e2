#include <cairn/graph/graph_builder.h>

#include <cairn/graph/mapper_graph.h>

#include "mapper-graph/flat_index.h"
#include "mapper-graph/graph_data.h"
#include "mapper-graph/sort_ids.h"
#include "mapper-graph/type_table.h"

#include <boost/sort/spreadsort/spreadsort.hpp>

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace cairn::graph {
namespace {

// Gives equal strings one number, in the order of their coming.
class Interner {
 public:
  explicit Interner(std::vector<std::string> first = {}) {
    for (const std::string& string : first) number(string);
  }

  std::uint32_t number(const std::string& string) {
    if (last_ < strings_.size() && strings_[last_] == string) return last_;
    last_ = numbers_.emplace(string, static_cast<std::uint32_t>(strings_.size())).first->second;
    if (last_ == strings_.size()) strings_.push_back(string);
    return last_;
  }

  std::vector<std::string>& strings() { return strings_; }

 private:
  std::vector<std::string> strings_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::uint32_t last_ = std::numeric_limits<std::uint32_t>::max();  // neighbours often have one plugin
};

std::uint64_t hashOf(std::string_view text) {
  return std::hash<std::string_view>()(text);
}

Error badMapper(const MapperSpec& mapper, std::string what, std::string hint) {
  return Error{.kind = ErrorKind::Config,
               .code = "bad-mapper",
               .message = "mapper '" + mapper.id + "' " + std::move(what),
               .hint = std::move(hint)};
}

Result<void> check(const MapperSpec& mapper) {
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
  for (std::size_t i = 0; i < mapper.inputs.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const bool same =
          mapper.inputs[i].type == mapper.inputs[j].type && mapper.inputs[i].role == mapper.inputs[j].role;
      if (same)
        return badMapper(mapper, "takes one type twice in the same role",
                         "give each of them a role of its own");
    }
  }
  return {};
}

}  // namespace

struct GraphBuilder::State {
  TypeTable typeById;
  FlatIndex typeByName;
  FlatIndex mapperById;
  std::vector<TypeRef> types;
  std::string text;
  std::vector<MapperRow> mappers;  // `firstInput` is a place in `mentioned`, `output` isn't known yet
  // Of each mapper the type of its output, then those of its inputs, and their roles. Looked up all at once
  // when the graph is built: that is several times as fast as one by one.
  std::vector<TypeId> mentioned;
  std::vector<std::uint32_t> mentionedRoles;
  std::vector<GateRow> gateRows{GateRow{}};
  Interner roles{{""}};
  Interner plugins{{""}};
  Interner gates;

  std::string_view id(std::uint32_t row) const {
    return std::string_view(text).substr(mappers[row].idAt, mappers[row].idSize);
  }

  std::uint32_t rowOf(TypeId type) {
    const auto next = static_cast<std::uint32_t>(types.size());
    const std::uint32_t row = typeById.findOrAdd(type, next);
    if (row == next) types.push_back(TypeRef{.id = type, .name = {}});
    return row;
  }

  void mention(TypeId type, std::uint32_t role) {
    mentioned.push_back(type);
    mentionedRoles.push_back(role);
  }

  std::vector<std::uint32_t> gateNumbers(const std::vector<std::string>& names) {
    std::vector<std::uint32_t> numbers;
    for (const std::string& gate : names) numbers.push_back(gates.number(gate));
    return numbers;
  }

  std::uint32_t gateRow(const MapperSpec& mapper) {
    if (mapper.grants.empty() && mapper.keeps.empty() && mapper.after.empty() && !mapper.keepsAllGates)
      return 0;
    gateRows.push_back(GateRow{.grants = gateNumbers(mapper.grants),
                               .keeps = gateNumbers(mapper.keeps),
                               .after = gateNumbers(mapper.after),
                               .keepsAll = mapper.keepsAllGates});
    return static_cast<std::uint32_t>(gateRows.size() - 1);
  }

  std::vector<std::uint32_t> rowsOfMentioned();
  std::vector<std::uint32_t> sortTypes(GraphData& data);
  void sortMappers(GraphData& data, const std::vector<std::uint32_t>& typeOfMentioned);
};

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

Result<void> GraphBuilder::addType(const TypeRef& type) {
  if (type.name.empty()) {
    state_->rowOf(type.id);
    return {};
  }
  std::vector<TypeRef>& types = state_->types;
  const std::uint64_t hash = hashOf(type.name);
  const std::uint32_t named =
      state_->typeByName.find(hash, [&](std::uint32_t row) { return types[row].name == type.name; });
  if (named != FlatIndex::kAbsent) {
    if (types[named].id == type.id) return {};
    return Error{
        .kind = ErrorKind::Config,
        .code = "type-conflict",
        .message = "type name " + type.name + " stands for two types, " + unnamedType(types[named].id) +
                   " and " + unnamedType(type.id),
        .hint = "two plugins name different types alike: rename the type in one, or use one of them"};
  }
  const std::uint32_t row = state_->rowOf(type.id);
  if (!types[row].name.empty()) {
    return Error{.kind = ErrorKind::Config,
                 .code = "type-conflict",
                 .message = "type " + unnamedType(type.id) + " has two names, " + types[row].name + " and " +
                            type.name,
                 .hint = "two plugins carry different versions of one schema: update the older one"};
  }
  types[row].name = type.name;
  state_->typeByName.insert(hash, row);
  return {};
}

Result<void> GraphBuilder::addMapper(const MapperSpec& mapper) {
  CAIRN_TRY(check(mapper));
  State& state = *state_;
  const std::uint64_t hash = hashOf(mapper.id);
  const auto isIt = [&](std::uint32_t row) { return state.id(row) == mapper.id; };
  if (state.mapperById.find(hash, isIt) != FlatIndex::kAbsent) {
    return Error{
        .kind = ErrorKind::Config,
        .code = "duplicate-mapper",
        .message = "mapper id '" + mapper.id + "' is taken",
        .hint = "a mapper's id is plugin@version/mapper: give each mapper of the plugin a name of its own"};
  }
  const auto row = static_cast<std::uint32_t>(state.mappers.size());
  MapperRow added{.idAt = static_cast<std::uint32_t>(state.text.size()),
                  .idSize = static_cast<std::uint32_t>(mapper.id.size()),
                  .plugin = state.plugins.number(mapper.plugin),
                  .output = 0,
                  .firstInput = static_cast<std::uint32_t>(state.mentioned.size() + 1),
                  .inputCount = static_cast<std::uint16_t>(mapper.inputs.size()),
                  .cost = mapper.cost,
                  .gates = state.gateRow(mapper),
                  .effects = mapper.effects,
                  .lossy = mapper.lossy,
                  .enabled = mapper.enabled,
                  .hasRoles = false};
  state.mention(mapper.output, 0);
  for (const MapperInput& input : mapper.inputs) {
    state.mention(input.type, input.role.empty() ? 0 : state.roles.number(input.role));
    added.hasRoles |= !input.role.empty();
  }
  state.text += mapper.id;
  state.mappers.push_back(added);
  state.mapperById.insert(hash, row);
  return {};
}

std::vector<std::uint32_t> GraphBuilder::State::rowsOfMentioned() {
  constexpr std::size_t kAhead = 16;
  std::vector<std::uint32_t> rows;
  rows.reserve(mentioned.size());
  for (std::size_t i = 0; i < mentioned.size(); ++i) {
    if (i + kAhead < mentioned.size()) typeById.expect(mentioned[i + kAhead]);
    rows.push_back(rowOf(mentioned[i]));
  }
  return rows;
}

// Moves the types into `data` in the order of their ids; answers where each row went.
std::vector<std::uint32_t> GraphBuilder::State::sortTypes(GraphData& data) {
  using Place = std::pair<TypeId, std::uint32_t>;
  std::vector<Place> order;
  order.reserve(types.size());
  for (std::uint32_t row = 0; row < types.size(); ++row) order.emplace_back(types[row].id, row);
  boost::sort::spreadsort::integer_sort(
      order.begin(), order.end(), [](const Place& place, unsigned shift) { return place.first >> shift; });
  std::vector<std::uint32_t> indexOfRow(types.size());
  data.types.reserve(types.size());
  for (const auto& [id, row] : order) {
    indexOfRow[row] = static_cast<std::uint32_t>(data.types.size());
    data.types.push_back(std::move(types[row]));
  }
  return indexOfRow;
}

void GraphBuilder::State::sortMappers(GraphData& data, const std::vector<std::uint32_t>& typeOfMentioned) {
  const std::vector<std::uint32_t> order =
      sortedById(mappers.size(), [this](std::uint32_t row) { return id(row); });
  data.mappers.reserve(mappers.size());
  data.inputs.reserve(mentioned.size() - mappers.size());
  for (const std::uint32_t row : order) {
    MapperRow mapper = mappers[row];
    const std::uint32_t from = mapper.firstInput;
    mapper.output = typeOfMentioned[from - 1];
    mapper.firstInput = static_cast<std::uint32_t>(data.inputs.size());
    for (std::uint32_t input = from; input < from + mapper.inputCount; ++input) {
      data.inputs.push_back(InputRow{typeOfMentioned[input], mentionedRoles[input]});
    }
    if (mapper.hasRoles) data.roledMappers.push_back(static_cast<MapperIndex>(data.mappers.size()));
    data.mappers.push_back(mapper);
  }
}

std::shared_ptr<const MapperGraph> GraphBuilder::build() && {
  auto data = std::make_unique<GraphData>();
  std::vector<std::uint32_t> types = state_->rowsOfMentioned();
  const std::vector<std::uint32_t> indexOfRow = state_->sortTypes(*data);
  for (std::uint32_t& type : types) type = indexOfRow[type];
  state_->sortMappers(*data, types);
  data->text = std::move(state_->text);
  data->gateRows = std::move(state_->gateRows);
  data->roles = std::move(state_->roles.strings());
  data->plugins = std::move(state_->plugins.strings());
  data->gateNames = std::move(state_->gates.strings());
  data->link();
  state_ = std::make_unique<State>();
  return std::make_shared<const MapperGraph>(std::move(data));
}

}  // namespace cairn::graph
