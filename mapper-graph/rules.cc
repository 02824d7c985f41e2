#include "mapper-graph/rules.h"

#include <algorithm>
#include <limits>

namespace cairn::graph {
namespace {

std::vector<MapperIndex> selected(const GraphData& data, const Selector& selector) {
  std::vector<MapperIndex> out;
  for (MapperIndex m = 0; m < data.mappers.size(); ++m) {
    if (selects(data, selector, m)) out.push_back(m);
  }
  return out;
}

// Who a mapper's id says that it belongs to: its plugin, or the project, whichever plugin runs it.
std::string_view ownerOf(std::string_view id) {
  const auto slash = id.find('/');
  return slash == std::string_view::npos ? std::string_view() : id.substr(0, std::min(id.find('@'), slash));
}

bool grantsDemanded(const Rules& rules, MapperIndex mapper) {
  if (rules.gateBits == 0) return false;
  const auto& grants = rules.data.gateRows[rules.data.mappers[mapper].gates].grants;
  return std::any_of(grants.begin(), grants.end(),
                     [&](std::uint32_t gate) { return rules.bitOfGate[gate] != 0; });
}

// Keeps out all other mappers that make what the pinned ones make.
void pin(Rules& rules, const std::vector<MapperIndex>& pinned) {
  if (pinned.empty()) return;
  std::vector<std::uint8_t> isPinnedType(rules.data.types.size(), 0);
  std::vector<std::uint8_t> isPinned(rules.data.mappers.size(), 0);
  for (const MapperIndex m : pinned) {
    isPinned[m] = 1;
    isPinnedType[rules.data.mappers[m].output] = 1;
  }
  for (MapperIndex m = 0; m < rules.data.mappers.size(); ++m) {
    if (isPinnedType[rules.data.mappers[m].output] != 0 && isPinned[m] == 0 && !grantsDemanded(rules, m)) {
      rules.block(m);
    }
  }
}

Marks bitsOf(const Rules& rules, const std::vector<std::uint32_t>& gates) {
  Marks bits = 0;
  for (const std::uint32_t gate : gates) bits |= rules.bitOfGate[gate];
  return bits;
}

}  // namespace

Weight operator+(const Weight& a, const Weight& b) {
  Weight sum;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    if (__builtin_add_overflow(a[i], b[i], &sum[i])) sum[i] = std::numeric_limits<std::uint64_t>::max();
  }
  return sum;
}

bool selects(const GraphData& data, const Selector& selector, MapperIndex mapper) {
  switch (selector.kind) {
    case Selector::Kind::Mapper: {
      const std::string_view id = data.id(mapper);
      return id == selector.name || withoutVersion(id) == selector.name;
    }
    case Selector::Kind::Plugin:
      return data.plugins[data.mappers[mapper].plugin] == selector.name ||
             ownerOf(data.id(mapper)) == selector.name;
    case Selector::Kind::Type:
      return data.typeName(data.mappers[mapper].output) == selector.name;
  }
  return false;
}

Rules::Rules(const GraphData& graph, const Query& query) : data(graph), policy(query.policy) {
  if (!query.gates.empty()) bitOfGate.assign(data.gateNames.size(), 0);
  for (std::size_t i = 0; i < std::min(query.gates.size(), kMaxGates); ++i) {
    const Marks bit = Marks{2} << i;
    gateBits |= bit;
    if (const auto gate = data.findGate(query.gates[i])) bitOfGate[*gate] |= bit;
  }
  accepted = gateBits | (query.fromMain ? kMain : 0);
  isEndpoint.assign(data.plugins.size(), 0);
  isEndpoint[0] = 1;
  for (std::size_t p = 0; p < data.plugins.size(); ++p) {
    if (std::find(query.endpoints.begin(), query.endpoints.end(), data.plugins[p]) != query.endpoints.end()) {
      isEndpoint[p] = 1;
    }
  }
  for (const Selector& selector : query.forbid) {
    for (const MapperIndex m : selected(data, selector)) block(m);
  }
  std::vector<MapperIndex> pinned;
  for (const Selector& selector : query.pin) {
    const std::vector<MapperIndex> more = selected(data, selector);
    pinned.insert(pinned.end(), more.begin(), more.end());
  }
  pin(*this, pinned);
  if (!query.prefer.empty()) preferred.assign(data.mappers.size(), 0);
  for (const Selector& selector : query.prefer) {
    for (const MapperIndex m : selected(data, selector)) preferred[m] = 1;
  }
}

void Rules::block(MapperIndex mapper) {
  if (blocked.empty()) blocked.assign(data.mappers.size(), 0);
  blocked[mapper] = 1;
}

Weight Rules::weigh(MapperIndex mapper) const {
  const MapperRow& row = data.mappers[mapper];
  const std::uint64_t lossy = row.lossy ? 1 : 0;
  const auto effects = static_cast<std::uint64_t>(row.effects);
  const std::uint64_t launches = isEndpoint[row.plugin] != 0 ? 0 : 1;
  const std::uint64_t unpreferred = !preferred.empty() && preferred[mapper] == 0 ? 1 : 0;
  if (countMissing) return {0, 1, lossy, effects, row.cost, launches};
  switch (policy) {
    case Policy::Cost:
      return {row.cost, lossy, effects, 1, launches, unpreferred};
    case Policy::Lossless:
      return {lossy, effects, 1, row.cost, launches, unpreferred};
    case Policy::Shortest:
      break;
  }
  return {1, lossy, effects, row.cost, launches, unpreferred};
}

CostVector Rules::costOf(const Weight& w) const {
  switch (policy) {
    case Policy::Cost:
      return {.hops = w[3], .lossy = w[1], .effects = w[2], .cost = w[0], .launches = w[4]};
    case Policy::Lossless:
      return {.hops = w[2], .lossy = w[0], .effects = w[1], .cost = w[3], .launches = w[4]};
    case Policy::Shortest:
      break;
  }
  return {.hops = w[0], .lossy = w[1], .effects = w[2], .cost = w[3], .launches = w[4]};
}

CostVector Rules::costOf(MapperIndex mapper) const {
  return costOf(weigh(mapper));
}

bool Rules::mayTake(MapperIndex mapper, Marks inputs) const {
  if (gateBits == 0 || data.mappers[mapper].gates == 0) return true;
  const Marks before = bitsOf(*this, data.gateRows[data.mappers[mapper].gates].after);
  return (inputs & before) == before;
}

Marks Rules::made(MapperIndex mapper, Marks inputs) const {
  if ((inputs & kMain) == 0) return gateBits;
  if (gateBits == 0) return kMain;
  const GateRow& row = data.gateRows[data.mappers[mapper].gates];
  const Marks kept = row.keepsAll ? inputs : inputs & bitsOf(*this, row.keeps);
  return kMain | (kept & gateBits) | bitsOf(*this, row.grants);
}

}  // namespace cairn::graph
