#pragma once
// The search: which (type, marks) can be made, at what weight, and how. Private to this library.

#include "mapper-graph/rules.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace cairn::graph {

using LabelId = std::uint32_t;
inline constexpr std::uint32_t kNone = 0xffffffff;

// One way to have a value of a type. Final once settled.
struct Label {
  Weight weight{};
  TypeIndex type = 0;
  Marks marks = 0;
  MapperIndex mapper = kNone;  // kNone: an available value
  std::uint32_t from = 0;      // mapper: where its inputs stand in Search::chosen(); else the seed's index
  MapperIndex rivalMapper = kNone;  // another mapper that makes it as well
  std::uint32_t rivalFrom = 0;
  LabelId next = kNone;  // the next label of this type
  bool settled = false;
  bool dropped = false;  // another label is as cheap and has all its marks
};

// A value to start from.
struct Seed {
  TypeIndex type = 0;
  Marks marks = 0;
  std::uint32_t role = 0;     // not 0: for inputs with this role only
  std::uint64_t missing = 0;  // 1: it isn't there, a diagnosis supposes it
};

class Search {
 public:
  // Both arguments outlive the search.
  Search(const Rules& rules, std::span<const Seed> seeds);

  // Settles labels, the lightest first, until `wanted` with all of `marks` is among them: that label.
  // Only mappers that lead to `wanted` are tried.
  std::optional<LabelId> find(TypeIndex wanted, Marks marks);

  // Settles labels, the lightest first, as long as there are any and `goesOn` says so of the last one.
  void settleWhile(const std::function<bool(const Label&)>& goesOn);

  // A byte for each type: 1 where it is there or can be made. Each link is looked at once and nothing is
  // weighed: a tenth of what settling takes. Gates are not asked.
  std::vector<std::uint8_t> reachable() const;

  // Those of `reachable` that can be made of a main value, alone or with others.
  std::vector<std::uint8_t> reachableFromMain(const std::vector<std::uint8_t>& reachable) const;

  const std::vector<Label>& labels() const { return labels_; }
  const Label& label(LabelId id) const { return labels_[id]; }
  // The labels that the mapper with its inputs at `from` takes, one for each input in order.
  const LabelId* chosen(std::uint32_t from) const { return &chosen_[from]; }

 private:
  struct Entry {
    Weight weight;
    LabelId label;
  };
  struct Partial {  // the first inputs of a mapper, chosen
    Weight weight;
    Marks marks;
    std::vector<LabelId> inputs;
  };

  LabelId add(Label label);
  void bindRoles(std::span<const Seed> seeds, std::span<const LabelId> labels);
  void useAll();
  void useWhatLeadsTo(TypeIndex wanted);
  bool isHopeless(TypeIndex wanted) const;
  void start();
  bool isSettled(TypeIndex type) const;
  LabelId settledAlone(TypeIndex type) const;
  bool joinOnly(MapperIndex mapper);
  LabelId settleNext();
  void wakeConsumers(LabelId id);
  void join(MapperIndex mapper);
  void extend(std::vector<Partial>& partials, const InputRow& input, LabelId bound) const;
  void offer(MapperIndex mapper, const Weight& inputs, Marks inputMarks, std::span<const LabelId> chosen);
  void challenge(LabelId id, MapperIndex mapper, const Weight& weight, std::span<const LabelId> chosen);
  bool isRicher(std::span<const LabelId> a, std::span<const LabelId> b) const;
  std::uint32_t keep(std::span<const LabelId> chosen);
  void push(LabelId id);
  bool comesBefore(const Entry& a, const Entry& b) const;
  // Of a vertex of `links`.
  MapperIndex mapperAt(std::uint32_t vertex) const {
    return vertex - static_cast<std::uint32_t>(data_.types.size());
  }
  bool takesAny(MapperIndex mapper, TypeIndex type) const;
  LabelId boundTo(MapperIndex mapper, std::size_t input) const;

  const Rules& rules_;
  const GraphData& data_;
  std::vector<Label> labels_;
  std::vector<LabelId> first_;  // by type
  std::vector<LabelId> chosen_;
  std::vector<Entry> heap_;
  std::vector<std::uint16_t> waiting_;  // by mapper: input types not made yet
  std::vector<std::uint8_t> usable_;    // by mapper: allowed, and leads to what is looked for
  std::vector<LabelId> bindings_;       // by input: a label, or kNone for "any of its type"; empty: all kNone
  std::vector<std::uint8_t> unusable_;  // by mapper: its roles can't be told apart; empty: none is
};

}  // namespace cairn::graph
