// A derivation in one line.

#include "mapper-graph/derive.h"

#include <algorithm>
#include <unordered_set>

namespace cairn::graph {
namespace {

constexpr std::size_t kShownSteps = 12;

std::string nameOf(const GraphData& data, TypeId type) {
  const TypeIndex index = data.indexOf(type);
  return index == kNoType ? unnamedType(type) : data.typeName(index);
}

std::string gatesText(const GraphData& data, const Query& query, const Step& step) {
  std::string names;
  for (const std::string& name : grantsOf(data, query, step)) names += (names.empty() ? "" : ", ") + name;
  return names.empty() ? "" : " (gate " + names + ")";
}

// Writes from the wanted type backwards, without recursion: the stack holds what is still to be written.
class Line {
 public:
  Line(const GraphData& data, const Query& query, const Derivation& derivation)
      : data_(data), query_(query), derivation_(derivation) {}

  std::string write() {
    push(derivation_.result, derivation_.wanted);
    while (!todo_.empty()) {
      const Item item = todo_.back();
      todo_.pop_back();
      if (!item.isValue) {
        out_ += item.text;
      } else {
        value(item);
      }
    }
    return std::move(out_);
  }

 private:
  struct Item {
    bool isValue;
    ValueRef value;
    TypeId type;
    std::string text;
  };

  void push(ValueRef value, TypeId type) { todo_.push_back({true, value, type, {}}); }
  void push(std::string text) { todo_.push_back({false, {}, 0, std::move(text)}); }

  void value(const Item& item) {
    out_ += nameOf(data_, item.type);
    if (item.value.from == ValueRef::From::Available) {
      if (!query_.available[item.value.index].role.empty())
        out_ += ':' + query_.available[item.value.index].role;
      return;
    }
    const Step& step = derivation_.steps[item.value.index];
    if (!written_.insert(item.value.index).second) return;  // shared: written out where it came first
    if (written_.size() > kShownSteps) {
      out_ += " ← …";
      return;
    }
    out_ += " ← " + withoutVersion(step.mapper) + gatesText(data_, query_, step) + " ← ";
    const bool several = step.inputs.size() > 1;
    if (several) push(")");
    for (std::size_t i = step.inputs.size(); i-- > 0;) {
      push(step.inputs[i].source, step.inputs[i].type);
      if (i > 0) push(", ");
    }
    if (several) push("(");
  }

  const GraphData& data_;
  const Query& query_;
  const Derivation& derivation_;
  std::vector<Item> todo_;
  std::unordered_set<std::size_t> written_;
  std::string out_;
};

}  // namespace

std::vector<std::string> grantsOf(const GraphData& data, const Query& query, const Step& step) {
  std::vector<std::string> out;
  for (const std::uint32_t gate : data.gateRows[data.mappers[step.index].gates].grants) {
    const std::string& name = data.gateNames[gate];
    if (std::ranges::find(query.gates, name) != query.gates.end()) out.push_back(name);
  }
  return out;
}

std::string chainText(const GraphData& data, const Query& query, const Derivation& derivation) {
  return Line(data, query, derivation).write();
}

}  // namespace cairn::graph
