// A diagnosis in words.

#include <cairn/graph/explanation.h>

#include <algorithm>
#include <limits>

#include "mapper-graph/graph_data.h"

namespace cairn::graph {
namespace {

using Cause = Diagnosis::Cause;

constexpr std::size_t kNamed = 4;  // of a list of names

// "a, b and c", or "a, b, c, d and 3 more" where there are more than `limit`. `count` is how many there are,
// at least as many as `words`.
std::string joined(const std::vector<std::string>& words, std::string_view last, std::size_t limit,
                   std::size_t count) {
  std::string out;
  const std::size_t shown = std::min(words.size(), limit);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) out += i + 1 == count ? ' ' + std::string(last) + ' ' : ", ";
    out += words[i];
  }
  if (count > shown) out += " and " + std::to_string(count - shown) + " more";
  return out;
}

std::string joined(const std::vector<std::string>& words, std::string_view last, std::size_t limit = kNamed) {
  return joined(words, last, limit, words.size());
}

std::string gates(const std::vector<std::string>& names) {
  return (names.size() == 1 ? "the gate " : "the gates ") + joined(names, "and");
}

std::vector<std::string> shortIds(const std::vector<std::string>& ids) {
  std::vector<std::string> out;
  for (const std::string& id : ids) out.push_back(withoutVersion(id));
  return out;
}

// The details, line by line.
class Lines {
 public:
  explicit Lines(Reasons reasons)
      : limit_(reasons == Reasons::All ? std::numeric_limits<std::size_t>::max() : kNamed) {}

  void add(const std::string& line) { text_ += line + '\n'; }
  void list(std::string_view head, const std::vector<std::string>& words) { list(head, words, words.size()); }
  void list(std::string_view head, const std::vector<std::string>& words, std::size_t count) {
    if (!words.empty()) add(std::string(head) + ": " + joined(words, "and", limit_, count));
  }
  void need(const Diagnosis::Need& need) {
    std::string line = withoutVersion(need.mapper) + " makes " + need.output;
    if (!need.has.empty()) line += ", has " + joined(need.has, "and", limit_);
    if (!need.lacks.empty())
      line += (need.has.empty() ? " from " : ", lacks ") + joined(need.lacks, "and", limit_);
    add(line);
  }

  std::string take() {
    if (!text_.empty()) text_.pop_back();
    return std::move(text_);
  }

 private:
  std::size_t limit_;
  std::string text_;
};

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
      return "no mapper makes " + wanted +
             ": add a plugin that does, or a mapper of your own under [[mapper]]";
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
         (wouldDo.empty() ? wanted : joined(wouldDo, "or", 3, wouldDoCount)) +
         ", or declare one under [[mapper]]";
}

std::string Diagnosis::detail() const {
  Lines lines(reasons);
  lines.list("available", available);
  if (!chain.empty()) lines.add("not allowed: " + chain);
  for (const Need& need : nearest) lines.need(need);
  if (nearestCount > nearest.size())
    lines.add("and " + std::to_string(nearestCount - nearest.size()) + " more such mappers");
  lines.list("missing", missing);
  lines.list("can be made", reached, reachedCount);
  lines.list("would lead to " + wanted, wouldDo, wouldDoCount);
  lines.list("ruled out", shortIds(blocked));
  lines.list("known, but not in use", shortIds(closedBy));
  lines.list("similar names", nearNames);
  return lines.take();
}

}  // namespace cairn::graph
