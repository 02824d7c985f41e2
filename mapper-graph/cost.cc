#include <cairn/graph/cost.h>

#include <array>
#include <limits>

namespace cairn::graph {
namespace {

struct Part {
  std::uint64_t CostVector::*value;
  std::string_view one;
  std::string_view many;
  bool countFirst;  // "2 hops", but "cost 200"
};

constexpr Part kHops{&CostVector::hops, "hop", "hops", true};
constexpr Part kLossy{&CostVector::lossy, "lossy step", "lossy steps", true};
constexpr Part kEffects{&CostVector::effects, "effects", "effects", false};
constexpr Part kCost{&CostVector::cost, "cost", "cost", false};
constexpr Part kLaunches{&CostVector::launches, "launch", "launches", true};

using Order = std::array<Part, 5>;
constexpr Order kShortest{kHops, kLossy, kEffects, kCost, kLaunches};
constexpr Order kCheapest{kCost, kLossy, kEffects, kHops, kLaunches};
constexpr Order kLossless{kLossy, kEffects, kHops, kCost, kLaunches};

const Order& order(Policy policy) {
  switch (policy) {
    case Policy::Cost:
      return kCheapest;
    case Policy::Lossless:
      return kLossless;
    case Policy::Shortest:
      break;
  }
  return kShortest;
}

std::uint64_t saturatingAdd(std::uint64_t a, std::uint64_t b) {
  std::uint64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::uint64_t>::max() : sum;
}

std::string partText(const Part& part, std::uint64_t value) {
  const std::string word(value == 1 ? part.one : part.many);
  const std::string number = std::to_string(value);
  return part.countFirst ? number + ' ' + word : word + ' ' + number;
}

}  // namespace

std::string_view name(Policy policy) {
  switch (policy) {
    case Policy::Cost:
      return "cost";
    case Policy::Lossless:
      return "lossless";
    case Policy::Shortest:
      break;
  }
  return "shortest";
}

CostVector operator+(const CostVector& a, const CostVector& b) {
  CostVector sum;
  for (const Part& part : kShortest) sum.*part.value = saturatingAdd(a.*part.value, b.*part.value);
  return sum;
}

int compare(Policy policy, const CostVector& a, const CostVector& b) {
  for (const Part& part : order(policy)) {
    if (a.*part.value != b.*part.value) return a.*part.value < b.*part.value ? -1 : 1;
  }
  return 0;
}

std::string text(const CostVector& cost) {
  std::string out;
  for (const Part& part : kShortest) {
    if (cost.*part.value == 0 && part.value != &CostVector::hops) continue;
    if (!out.empty()) out += ", ";
    out += partText(part, cost.*part.value);
  }
  return out;
}

std::string firstDifference(Policy policy, const CostVector& better, const CostVector& worse) {
  for (const Part& part : order(policy)) {
    if (better.*part.value != worse.*part.value) {
      return partText(part, worse.*part.value) + " against " + std::to_string(better.*part.value);
    }
  }
  return {};
}

}  // namespace cairn::graph
