#pragma once
// From a query to a derivation, and from a finished search to a list of steps. Private to this library.

#include <cairn/graph/derivation.h>
#include <cairn/graph/query.h>

#include "mapper-graph/search.h"

#include <optional>
#include <vector>

namespace cairn::graph {

// The query's values as the search sees them. Values of types that the graph doesn't know lead nowhere and
// are left out; so are roles that no mapper names. `Seed::missing` is 0. `index` says which value each seed
// is.
struct Seeds {
  std::vector<Seed> seeds;
  std::vector<std::size_t> index;
};
Seeds seedsOf(const Rules& rules, const Query& query);

// Whether to look for the line that settles an ambiguity, at the price of a search for each.
enum class Ambiguities { List, Settle };

// The best derivation under these rules, or none.
std::optional<Derivation> deriveUnder(const Rules& rules, const Query& query,
                                      Ambiguities ambiguities = Ambiguities::List);

// The gates that the query asks for and `step` passes.
std::vector<std::string> grantsOf(const GraphData& data, const Query& query, const Step& step);

// "docker.Image ← docker/from-oci ← oci.Image"; a gate is marked: "oci.Image ← project/scan (gate scan) ←
// oci.Image".
std::string chainText(const GraphData& data, const Query& query, const Derivation& derivation);

}  // namespace cairn::graph
