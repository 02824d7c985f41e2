#include "mapper-graph/search.h"

#include <algorithm>
#include <array>
#include <bit>
#include <compare>

namespace cairn::graph {
namespace {

// So many settled labels without the wanted one make it worth asking whether it can be made at all.
constexpr std::size_t kDoubtAfter = 4096;

constexpr std::size_t kFewInputs = 8;

}  // namespace

Search::Search(const Rules& rules, std::span<const Seed> seeds)
    : rules_(rules), data_(rules.data), first_(data_.types.size(), kNone), waiting_(data_.distinctInputs) {
  std::vector<LabelId> ids;
  for (std::uint32_t i = 0; i < seeds.size(); ++i) {
    const Seed& seed = seeds[i];
    Label label{.weight = {seed.missing}, .type = seed.type, .marks = seed.marks, .from = i};
    if (seed.role != 0) {
      label.settled = true;
      labels_.push_back(label);
      ids.push_back(static_cast<LabelId>(labels_.size() - 1));
    } else {
      ids.push_back(add(label));
      push(ids.back());
    }
  }
  bindRoles(seeds, ids);
}

LabelId Search::add(Label label) {
  label.next = first_[label.type];
  first_[label.type] = static_cast<LabelId>(labels_.size());
  labels_.push_back(label);
  return first_[label.type];
}

// Gives inputs with a role the value of that role, and counts anew what such a mapper waits for.
void Search::bindRoles(std::span<const Seed> seeds, std::span<const LabelId> labels) {
  if (data_.roledMappers.empty()) return;
  bindings_.assign(data_.inputs.size(), kNone);
  unusable_.assign(data_.mappers.size(), 0);
  std::vector<std::size_t> roled;
  for (std::size_t s = 0; s < seeds.size(); ++s) {
    if (seeds[s].role != 0) roled.push_back(s);
  }
  for (const MapperIndex mapper : data_.roledMappers) {
    const auto inputs = data_.inputsOf(mapper);
    LabelId* bound = &bindings_[data_.mappers[mapper].firstInput];
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      for (const std::size_t s : roled) {
        const bool fits = seeds[s].type == inputs[i].type && seeds[s].role == inputs[i].role;
        if (fits && bound[i] == kNone) bound[i] = labels[s];
      }
    }
    std::vector<TypeIndex> open;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (bound[i] == kNone) open.push_back(inputs[i].type);
    }
    std::sort(open.begin(), open.end());
    unusable_[mapper] = std::adjacent_find(open.begin(), open.end()) != open.end();
    waiting_[mapper] = static_cast<std::uint16_t>(open.size());
  }
}

LabelId Search::boundTo(MapperIndex mapper, std::size_t input) const {
  return bindings_.empty() ? kNone : bindings_[data_.mappers[mapper].firstInput + input];
}

// Whether one of the mapper's inputs takes any value of the type (not one with a role).
bool Search::takesAny(MapperIndex mapper, TypeIndex type) const {
  if (bindings_.empty() || !data_.mappers[mapper].hasRoles) return true;
  const auto inputs = data_.inputsOf(mapper);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].type == type && boundTo(mapper, i) == kNone) return true;
  }
  return false;
}

// Mappers all of whose inputs are values with roles wait for nothing.
void Search::start() {
  for (const MapperIndex mapper : data_.roledMappers) {
    if (waiting_[mapper] == 0 && usable_[mapper] != 0) join(mapper);
  }
}

std::optional<LabelId> Search::find(TypeIndex wanted, Marks marks) {
  useWhatLeadsTo(wanted);
  start();
  std::size_t settled = 0;
  while (!heap_.empty()) {
    const LabelId next = settleNext();
    if (next == kNone) continue;
    const Label& label = labels_[next];
    if (label.type == wanted && (label.marks & marks) == marks) return next;
    wakeConsumers(next);
    if (++settled == kDoubtAfter && isHopeless(wanted)) return std::nullopt;
  }
  return std::nullopt;
}

void Search::settleWhile(const std::function<bool(const Label&)>& goesOn) {
  useAll();
  start();
  while (!heap_.empty()) {
    const LabelId next = settleNext();
    if (next == kNone) continue;
    wakeConsumers(next);
    if (!goesOn(labels_[next])) return;
  }
}

// Takes the lightest label; kNone where it is stale or another is as good.
LabelId Search::settleNext() {
  const auto later = [this](const Entry& a, const Entry& b) { return comesBefore(b, a); };
  std::pop_heap(heap_.begin(), heap_.end(), later);
  const Entry entry = heap_.back();
  heap_.pop_back();
  Label& label = labels_[entry.label];
  if (label.settled || label.dropped || label.weight != entry.weight) return kNone;
  for (LabelId other = first_[label.type]; other != kNone; other = labels_[other].next) {
    if (labels_[other].settled && rules_.dominates(labels_[other].marks, label.marks)) {
      label.dropped = true;
      return kNone;
    }
  }
  label.settled = true;
  return entry.label;
}

// The lighter first; of equal ones that with more marks, so that it makes the others needless.
bool Search::comesBefore(const Entry& a, const Entry& b) const {
  if (const auto order = a.weight <=> b.weight; order != 0) return order < 0;
  const Label& left = labels_[a.label];
  const Label& right = labels_[b.label];
  const int leftMarks = std::popcount(left.marks);
  const int rightMarks = std::popcount(right.marks);
  if (leftMarks != rightMarks) return leftMarks > rightMarks;
  if (left.type != right.type) return left.type < right.type;
  if (left.marks != right.marks) return left.marks < right.marks;
  return a.label < b.label;  // two equal values: the first that the query names
}

void Search::push(LabelId id) {
  heap_.push_back(Entry{labels_[id].weight, id});
  std::push_heap(heap_.begin(), heap_.end(),
                 [this](const Entry& a, const Entry& b) { return comesBefore(b, a); });
}

void Search::wakeConsumers(LabelId id) {
  const TypeIndex type = labels_[id].type;
  bool isFirstOfType = true;
  for (LabelId other = first_[type]; other != kNone; other = labels_[other].next) {
    if (other != id && labels_[other].settled) isFirstOfType = false;
  }
  const auto [begin, end] = boost::out_edges(type, data_.links);
  for (auto edge = begin; edge != end; ++edge) {
    const auto mapper = mapperAt(boost::target(*edge, data_.links));
    if (usable_[mapper] == 0 || !takesAny(mapper, type)) continue;
    if (isFirstOfType) --waiting_[mapper];
    if (waiting_[mapper] > 0) continue;
    if (data_.mappers[mapper].inputCount == 1) {
      const Label& label = labels_[id];
      offer(mapper, Weight(label.weight), label.marks, std::span(&id, 1));
    } else {
      join(mapper);
    }
  }
}

// Offers what the mapper makes of each useful choice among the settled labels of its inputs.
void Search::join(MapperIndex mapper) {
  if (joinOnly(mapper)) return;
  const auto inputs = data_.inputsOf(mapper);
  std::vector<Partial> partials{Partial{.weight = {}, .marks = rules_.gateBits, .inputs = {}}};
  for (std::size_t i = 0; i < inputs.size(); ++i) extend(partials, inputs[i], boundTo(mapper, i));
  for (const Partial& partial : partials) offer(mapper, partial.weight, partial.marks, partial.inputs);
}

// The one settled label of a type; kNone where there are several.
LabelId Search::settledAlone(TypeIndex type) const {
  LabelId only = kNone;
  for (LabelId id = first_[type]; id != kNone; id = labels_[id].next) {
    if (!labels_[id].settled) continue;
    if (only != kNone) return kNone;
    only = id;
  }
  return only;
}

// The usual case: there is nothing to choose from. False where there is, or where there are many inputs.
bool Search::joinOnly(MapperIndex mapper) {
  const auto inputs = data_.inputsOf(mapper);
  if (inputs.size() > kFewInputs) return false;
  std::array<LabelId, kFewInputs> ids{};
  Weight weight{};
  Marks marks = rules_.gateBits;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const LabelId bound = boundTo(mapper, i);
    ids[i] = bound != kNone ? bound : settledAlone(inputs[i].type);
    if (ids[i] == kNone) return false;
    weight = weight + labels_[ids[i]].weight;
    marks = Rules::join(marks, labels_[ids[i]].marks);
  }
  offer(mapper, weight, marks, std::span(ids).first(inputs.size()));
  return true;
}

// Adds a further input to each partial choice; of those with the same marks the lightest stays.
void Search::extend(std::vector<Partial>& partials, const InputRow& input, LabelId bound) const {
  std::vector<Partial> longer;
  const auto add = [&](const Partial& partial, LabelId id) {
    const Label& label = labels_[id];
    const Marks marks = Rules::join(partial.marks, label.marks);
    const Weight weight = partial.weight + label.weight;
    Partial choice{.weight = weight, .marks = marks, .inputs = partial.inputs};
    choice.inputs.push_back(id);
    const auto same = std::ranges::find(longer, marks, &Partial::marks);
    if (same == longer.end()) {
      longer.push_back(std::move(choice));
    } else if (weight < same->weight || (weight == same->weight && isRicher(choice.inputs, same->inputs))) {
      *same = std::move(choice);
    }
  };
  for (const Partial& partial : partials) {
    if (bound != kNone) {
      add(partial, bound);
      continue;
    }
    for (LabelId id = first_[input.type]; id != kNone; id = labels_[id].next) {
      if (labels_[id].settled) add(partial, id);
    }
  }
  partials = std::move(longer);
}

void Search::offer(MapperIndex mapper, const Weight& inputs, Marks inputMarks,
                   std::span<const LabelId> chosen) {
  if (!rules_.mayTake(mapper, inputMarks)) return;
  const TypeIndex type = data_.mappers[mapper].output;
  const Marks marks = rules_.made(mapper, inputMarks);
  const Weight weight = inputs + rules_.weigh(mapper);
  for (LabelId id = first_[type]; id != kNone; id = labels_[id].next) {
    if (labels_[id].settled && rules_.dominates(labels_[id].marks, marks)) return;
    if (!labels_[id].settled && !labels_[id].dropped && labels_[id].marks == marks) {
      challenge(id, mapper, weight, chosen);
      return;
    }
  }
  push(add(Label{.weight = weight, .type = type, .marks = marks, .mapper = mapper, .from = keep(chosen)}));
}

// Another way to the same label: the lighter one wins, of equal ones that whose last mapper's id sorts first.
void Search::challenge(LabelId id, MapperIndex mapper, const Weight& weight,
                       std::span<const LabelId> chosen) {
  Label& label = labels_[id];
  if (label.weight < weight) return;
  if (weight < label.weight) {
    label.weight = weight;
    label.mapper = mapper;
    label.from = keep(chosen);
    label.rivalMapper = kNone;
    push(id);
    return;
  }
  if (label.mapper == kNone) return;
  if (label.mapper == mapper) {
    if (isRicher(chosen, {&chosen_[label.from], chosen.size()})) label.from = keep(chosen);
    return;
  }
  const std::uint32_t from = keep(chosen);
  if (mapper < label.mapper) {
    label.rivalMapper = label.mapper;
    label.rivalFrom = label.from;
    label.mapper = mapper;
    label.from = from;
  } else if (label.rivalMapper == kNone || mapper < label.rivalMapper) {
    label.rivalMapper = mapper;
    label.rivalFrom = from;
  }
}

// Decides between equally heavy choices for the inputs of one mapper: the first input to differ should have
// more marks.
bool Search::isRicher(std::span<const LabelId> a, std::span<const LabelId> b) const {
  return std::ranges::lexicographical_compare(
      a, b, [this](LabelId left, LabelId right) { return labels_[left].marks > labels_[right].marks; });
}

std::uint32_t Search::keep(std::span<const LabelId> chosen) {
  chosen_.insert(chosen_.end(), chosen.begin(), chosen.end());
  return static_cast<std::uint32_t>(chosen_.size() - chosen.size());
}

}  // namespace cairn::graph
