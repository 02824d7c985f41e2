#pragma once
// What a GraphBuilder has been told so far. Private to this library.

#include <cairn/graph/graph_builder.h>

#include "mapper-graph/flat_index.h"
#include "mapper-graph/graph_data.h"
#include "mapper-graph/type_table.h"

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cairn::graph {

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

inline std::uint64_t hashOf(std::string_view text) {
  return std::hash<std::string_view>()(text);
}

// How many ahead memory is asked for what will be read of it.
inline constexpr std::size_t kAhead = 8;

// Asks for the lines of memory that this object takes.
template <typename T>
[[gnu::always_inline]] inline void expectObject(const T& object) {
  for (std::size_t at = 0; at < sizeof object; at += 64)
    __builtin_prefetch(reinterpret_cast<const char*>(&object) + at);
}

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

  // `hash` is hashOf() its name or id.
  std::optional<Error> addType(const TypeRef& type, std::uint64_t hash);
  std::optional<Error> addMapper(const MapperSpec& mapper, std::uint64_t hash);

  std::vector<std::uint32_t> rowsOfMentioned();
  std::vector<std::uint32_t> sortTypes(GraphData& data);
  void sortMappers(GraphData& data, const std::vector<std::uint32_t>& order,
                   const std::vector<std::uint32_t>& rowOfMentioned,
                   const std::vector<std::uint32_t>& indexOfRow);
};

}  // namespace cairn::graph
