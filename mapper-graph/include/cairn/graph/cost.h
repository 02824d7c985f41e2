#pragma once
// What a derivation costs, and in which order the parts of the cost are compared.

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::graph {

// Every part is a sum over the steps of a derivation. A step whose value several others take is counted once
// for each of them, although it runs once: the cheapest *tree* can be found exactly, the cheapest shared plan
// can't in reasonable time. Sums stop at the largest number instead of wrapping.
struct CostVector {
  std::uint64_t hops = 0;      // steps
  std::uint64_t lossy = 0;     // steps that lose something
  std::uint64_t effects = 0;   // pure 0, idempotent 1, effectful 2
  std::uint64_t cost = 0;      // declared costs
  std::uint64_t launches = 0;  // steps whose plugin is neither endpoint's

  bool operator==(const CostVector&) const = default;
};

// Which part counts first. What follows decides where the parts before it are equal; at last the ids decide
// (derivation.h).
enum class Policy : std::uint8_t {
  Shortest,  // hops, lossy, effects, cost, launches: the default
  Cost,      // cost, lossy, effects, hops, launches
  Lossless,  // lossy, effects, hops, cost, launches: loses as little as can be
};

// "shortest", "cost", "lossless".
std::string_view name(Policy policy);

CostVector operator+(const CostVector& a, const CostVector& b);

// Less than 0, 0, greater than 0: as `a` is better than, equal to, worse than `b` under `policy`.
int compare(Policy policy, const CostVector& a, const CostVector& b);

// "2 hops, 1 lossy, cost 200, 1 launch": parts that are zero are left out, except hops.
std::string text(const CostVector& cost);

// Why `worse` lost to `better`: "2 hops against 1"; empty where they are equal.
std::string firstDifference(Policy policy, const CostVector& better, const CostVector& worse);

}  // namespace cairn::graph
