// What leads where, without weighing: each link is looked at once.
//
// The walks go step by step, all types of a step at once, so that what is read of their mappers can be asked
// of memory ahead: in a large graph that is what takes the time.

#include "mapper-graph/search.h"

namespace cairn::graph {
namespace {

constexpr std::size_t kAhead = 16;

}  // namespace

void Search::useAll() {
  usable_.resize(data_.mappers.size());
  for (MapperIndex m = 0; m < usable_.size(); ++m) {
    usable_[m] = rules_.allows(m) && (unusable_.empty() || unusable_[m] == 0);
  }
}

// Walks back from the wanted type: what doesn't lead there is never tried.
void Search::useWhatLeadsTo(TypeIndex wanted) {
  usable_.assign(data_.mappers.size(), 0);
  std::vector<std::uint8_t> seen(data_.types.size(), 0);
  std::vector<TypeIndex> types{wanted};
  std::vector<MapperIndex> mappers;
  seen[wanted] = 1;
  while (!types.empty()) {
    mappers.clear();
    for (const TypeIndex type : types) {
      const auto [begin, end] = boost::in_edges(type, data_.links);
      for (auto edge = begin; edge != end; ++edge)
        mappers.push_back(mapperAt(boost::source(*edge, data_.links)));
    }
    types.clear();
    for (std::size_t i = 0; i < mappers.size(); ++i) {
      if (i + kAhead < mappers.size()) __builtin_prefetch(&data_.mappers[mappers[i + kAhead]]);
      if (i + kAhead / 2 < mappers.size()) __builtin_prefetch(data_.inputsOf(mappers[i + kAhead / 2]).data());
      const MapperIndex mapper = mappers[i];
      if (!rules_.allows(mapper) || (!unusable_.empty() && unusable_[mapper] != 0)) continue;
      usable_[mapper] = 1;
      for (const InputRow& input : data_.inputsOf(mapper)) {
        if (seen[input.type] == 0) types.push_back(input.type);
        seen[input.type] = 1;
      }
    }
  }
}

// Where gates are demanded a mapper may wait for better marks, which isn't seen without weighing.
bool Search::isHopeless(TypeIndex wanted) const {
  return rules_.gateBits == 0 && reachable()[wanted] == 0;
}

std::vector<std::uint8_t> Search::reachable() const {
  std::vector<std::uint8_t> reached(data_.types.size(), 0);
  std::vector<std::uint16_t> waiting = waiting_;
  std::vector<TypeIndex> types;
  for (TypeIndex type = 0; type < first_.size(); ++type) {
    if (first_[type] == kNone) continue;
    reached[type] = 1;
    if (!isSettled(type)) types.push_back(type);
  }
  std::vector<MapperIndex> ready;
  while (!types.empty()) {
    ready.clear();
    for (const TypeIndex type : types) {
      const auto [begin, end] = boost::out_edges(type, data_.links);
      for (auto edge = begin; edge != end; ++edge) {
        const MapperIndex mapper = mapperAt(boost::target(*edge, data_.links));
        if (usable_[mapper] == 0 || !takesAny(mapper, type)) continue;
        if (--waiting[mapper] == 0) ready.push_back(mapper);
      }
    }
    types.clear();
    for (std::size_t i = 0; i < ready.size(); ++i) {
      if (i + kAhead < ready.size()) __builtin_prefetch(&data_.mappers[ready[i + kAhead]]);
      const TypeIndex made = data_.mappers[ready[i]].output;
      if (reached[made] == 0) types.push_back(made);
      reached[made] = 1;
    }
  }
  return reached;
}

std::vector<std::uint8_t> Search::reachableFromMain(const std::vector<std::uint8_t>& reachable) const {
  std::vector<std::uint8_t> reached(data_.types.size(), 0);
  std::vector<TypeIndex> todo;
  const auto reach = [&](TypeIndex type) {
    if (reached[type] == 0) todo.push_back(type);
    reached[type] = 1;
  };
  const auto canRun = [&](MapperIndex mapper) {
    const auto inputs = data_.inputsOf(mapper);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (reachable[inputs[i].type] == 0 && boundTo(mapper, i) == kNone) return false;
    }
    return usable_[mapper] != 0;
  };
  for (TypeIndex type = 0; type < first_.size(); ++type) {
    for (LabelId id = first_[type]; id != kNone; id = labels_[id].next) {
      if ((labels_[id].marks & kMain) != 0) reach(type);
    }
  }
  for (const MapperIndex mapper : data_.roledMappers) {
    const auto inputs = data_.inputsOf(mapper);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const LabelId bound = boundTo(mapper, i);
      const bool isMain = bound != kNone && (labels_[bound].marks & kMain) != 0;
      if (isMain && canRun(mapper)) reach(data_.mappers[mapper].output);
    }
  }
  while (!todo.empty()) {
    const TypeIndex type = todo.back();
    todo.pop_back();
    const auto [begin, end] = boost::out_edges(type, data_.links);
    for (auto edge = begin; edge != end; ++edge) {
      const auto mapper = mapperAt(boost::target(*edge, data_.links));
      if (takesAny(mapper, type) && canRun(mapper)) reach(data_.mappers[mapper].output);
    }
  }
  return reached;
}

bool Search::isSettled(TypeIndex type) const {
  for (LabelId id = first_[type]; id != kNone; id = labels_[id].next) {
    if (labels_[id].settled) return true;
  }
  return false;
}

}  // namespace cairn::graph
