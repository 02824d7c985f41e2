// From what a builder was told to a graph: all in the order of ids, so that the order of adding is forgotten.

#include <cairn/graph/mapper_graph.h>

#include "mapper-graph/builder_state.h"
#include "mapper-graph/sort_ids.h"

#include <boost/sort/spreadsort/spreadsort.hpp>

#include <future>
#include <utility>

namespace cairn::graph {
namespace {

// So many mappers take longer to sort than a thread takes to start.
constexpr std::size_t kWorthAThread = 20'000;

}  // namespace

std::vector<std::uint32_t> GraphBuilder::State::rowsOfMentioned() {
  std::vector<std::uint32_t> rows;
  rows.reserve(mentioned.size());
  for (std::size_t i = 0; i < mentioned.size(); ++i) {
    if (i + 2 * kAhead < mentioned.size()) typeById.expect(mentioned[i + 2 * kAhead]);
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

void GraphBuilder::State::sortMappers(GraphData& data, const std::vector<std::uint32_t>& order,
                                      const std::vector<std::uint32_t>& rowOfMentioned,
                                      const std::vector<std::uint32_t>& indexOfRow) {
  data.mappers.reserve(mappers.size());
  data.inputs.reserve(mentioned.size() - mappers.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i + 2 * kAhead < order.size()) expectObject(mappers[order[i + 2 * kAhead]]);
    if (i + kAhead < order.size())
      __builtin_prefetch(&rowOfMentioned[mappers[order[i + kAhead]].firstInput - 1]);
    MapperRow& mapper = data.mappers.emplace_back(mappers[order[i]]);
    const std::uint32_t from = mapper.firstInput;
    mapper.output = indexOfRow[rowOfMentioned[from - 1]];
    mapper.firstInput = static_cast<std::uint32_t>(data.inputs.size());
    for (std::uint32_t input = from; input < from + mapper.inputCount; ++input) {
      data.inputs.push_back(InputRow{indexOfRow[rowOfMentioned[input]], mentionedRoles[input]});
    }
    if (mapper.hasRoles) data.roledMappers.push_back(static_cast<MapperIndex>(i));
  }
}

std::shared_ptr<const MapperGraph> GraphBuilder::build() && {
  auto data = std::make_unique<GraphData>();
  // The ids of mappers say nothing of types: of many mappers they are sorted beside the rest.
  std::future<std::vector<std::uint32_t>> order = std::async(
      state_->mappers.size() < kWorthAThread ? std::launch::deferred
                                             : std::launch::async | std::launch::deferred,
      [state = std::as_const(state_).get()] {
        return sortedById(state->mappers.size(), [state](std::uint32_t row) { return state->id(row); });
      });
  const std::vector<std::uint32_t> rowOfMentioned = state_->rowsOfMentioned();
  const std::vector<std::uint32_t> indexOfRow = state_->sortTypes(*data);
  state_->sortMappers(*data, order.get(), rowOfMentioned, indexOfRow);
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
