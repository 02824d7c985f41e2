// A diagnosis in words.

#include <cairn/graph/explanation.h>

#include <algorithm>

#include "mapper-graph/graph_data.h"

namespace cairn::graph {
namespace {

using Cause = Diagnosis::Cause;

std::string joined(const std::vector<std::string>& words, std::string_view last, std::size_t limit = 4) {
  std::string out;
  const std::size_t shown = std::min(words.size(), limit);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) out += i + 1 == words.size() ? ' ' + std::string(last) + ' ' : ", ";
    out += words[i];
  }
  if (words.size() > limit) out += " and " + std::to_string(words.size() - limit) + " more";
  return out;
}

void line(std::string& out, std::string_view head, const std::vector<std::string>& words) {
  if (words.empty()) return;
  out += std::string(head) + ": " + joined(words, "and") + '\n';
}

std::string gates(const std::vector<std::string>& names) {
  return (names.size() == 1 ? "the gate " : "the gates ") + joined(names, "and");
}

std::vector<std::string> shortIds(const std::vector<std::string>& ids) {
  std::vector<std::string> out;
  for (const std::string& id : ids) out.push_back(withoutVersion(id));
  return out;
}

std::string needLine(const Diagnosis::Need& need) {
  std::string out = withoutVersion(need.mapper) + " makes " + need.output;
  if (!need.has.empty()) out += ", has " + joined(need.has, "and");
  if (!need.lacks.empty()) out += (need.has.empty() ? " from " : ", lacks ") + joined(need.lacks, "and");
  return out + '\n';
}

}  // namespace

std::string Diagnosis::message() const {
  const std::string source = joined(from, "or", 3);
  switch (cause) {
    case Cause::NothingToUse:
      return "there is nothing to make " + wanted + " from";
    case Cause::SideOnly:
      return "nothing turns " + source + " into " + wanted + "; only a side input leads there";
    case Cause::Blocked:
      return "[mappers] rules out every chain from " + source + " to " + wanted;
    case Cause::GateNotPassed:
      return "no chain from " + source + " to " + wanted + " passes " + gates(gatesMissing);
    case Cause::GateUnknown:
      return "nothing lets a value pass " + gates(gatesMissing) + " on the way from " + source + " to " +
             wanted;
    case Cause::TooManyGates:
      return "more than 10 gates before " + wanted;
    default:
      return "nothing turns " + source + " into " + wanted;
  }
}

std::string Diagnosis::hint() const {
  if (!closedBy.empty()) {
    return joined(shortIds(closedBy), "and") +
           " would close the gap: the plugin is installed, name it under [plugins]";
  }
  switch (cause) {
    case Cause::UnknownType:
    case Cause::NothingMakes:
      if (!nearNames.empty()) return "did you mean " + joined(nearNames, "or") + "?";
      return "no mapper makes " + wanted + ": add a plugin that does";
    case Cause::NothingToUse:
      return "give the app a stage that makes something, a build for example";
    case Cause::MissingInputs:
      return joined(missing, "and") + " as well would close the gap";
    case Cause::SideOnly:
      return "a stage's main input is the artifact: choose a component that takes " + joined(from, "or", 3) +
             ", or add a mapper from it";
    case Cause::Blocked:
      return "allow " + joined(shortIds(blocked), "and") + " in [mappers], or add another way";
    case Cause::GateNotPassed:
      if (lostAfter.empty()) return "declare the gate on a type that the chain goes through";
      return "what " + withoutVersion(lostAfter) +
             " let pass is rewritten later: let the mappers after it keep the gate, " +
             "or declare the gate on " + wanted;
    case Cause::GateUnknown:
      return "add a plugin with such a gate, or take the gate away";
    case Cause::TooManyGates:
      return "join some of them into one";
    case Cause::Gap:
      break;
  }
  if (!nearNames.empty()) return "did you mean " + joined(nearNames, "or") + "?";
  return "add a plugin with a mapper from " + joined(from, "or", 3) + " to " +
         (wouldDo.empty() ? wanted : joined(wouldDo, "or", 3));
}

std::string Diagnosis::detail() const {
  std::string out;
  line(out, "available", available);
  if (!chain.empty()) out += "not allowed: " + chain + '\n';
  for (const Need& need : nearest) out += needLine(need);
  line(out, "missing", missing);
  line(out, "can be made", reached);
  line(out, "would lead to " + wanted, wouldDo);
  line(out, "ruled out", shortIds(blocked));
  line(out, "known, but not in use", shortIds(closedBy));
  line(out, "similar names", nearNames);
  if (!out.empty()) out.pop_back();
  return out;
}

}  // namespace cairn::graph
