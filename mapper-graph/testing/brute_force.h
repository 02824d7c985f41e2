#pragma once
// The answers of the search, found by trying everything.

#include "random_world.h"

#include <optional>
#include <set>

namespace cairn::graph {

// What is known of how a value was made, in plain words.
struct History {
  bool fromMain = false;
  std::set<std::string> passed;  // meaningless unless fromMain
  auto operator<=>(const History&) const = default;
};

// A cost, and what decides between equal ones: steps that no `prefer` names.
struct Price {
  CostVector cost;
  std::uint64_t unpreferred = 0;
  bool operator==(const Price&) const = default;
};

Price operator+(const Price& a, const Price& b);

// What one use of the mapper costs.
CostVector stepCost(const MapperSpec& mapper, const Query& query);
Price stepPrice(const MapperSpec& mapper, const Query& query);

// The rules of the world let it be used.
bool isAllowed(const MapperSpec& mapper, const World& world);

// That of a value that was there from the start.
History leaf(const Available& value, const Query& query);

// What a mapper makes of inputs with these histories; none where it may not take them.
std::optional<History> apply(const MapperSpec& mapper, const std::vector<History>& inputs,
                             const Query& query);

bool isAccepted(const History& history, const Query& query);

// A step as a derivation has it, without what is the mapper's own.
struct PlainStep {
  std::string mapper;
  std::vector<StepInput> inputs;
  bool operator==(const PlainStep&) const = default;
};

struct Answer {
  Price price;
  std::vector<PlainStep> steps;
  ValueRef result;
};

// The best derivation by trying every mapper on every combination until nothing gets better, and of equally
// good ones the one that Derivation's comment says is taken.
std::optional<Answer> bruteForce(const World& world);

std::vector<PlainStep> plain(const std::vector<Step>& steps);

}  // namespace cairn::graph
