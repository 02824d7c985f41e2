#pragma once
// What a picture of the graph shows.

#include <cairn/graph/derivation.h>

#include <string>
#include <vector>

namespace cairn::graph {

// A chain that stands out in a colour of its own, which the legend names.
struct DrawnChain {
  std::string name;  // "web deploy"; empty: the legend doesn't mention it
  Derivation derivation;
};

struct Picture {
  std::vector<DrawnChain> chains;
  bool chainsOnly = false;  // leave out types and mappers that no chain uses
  bool unused = true;       // show mappers that are known but not in use, in grey
};

}  // namespace cairn::graph
