// Why this chain: the chosen one, what else would have done, and what decided.

#include <cairn/graph/mapper_graph.h>

#include "mapper-graph/derive.h"

#include <algorithm>
#include <set>

namespace cairn::graph {
namespace {

constexpr std::size_t kMaxAlternatives = 3;
constexpr std::size_t kStepsTried = 16;  // each costs a search

std::vector<std::string> idsOf(const Derivation& derivation) {
  std::vector<std::string> out;
  for (auto step = derivation.steps.rbegin(); step != derivation.steps.rend(); ++step)
    out.push_back(step->mapper);
  return out;
}

std::string whyNot(const Query& query, const Derivation& chosen, const Derivation& other) {
  std::string difference = firstDifference(query.policy, chosen.cost, other.cost);
  if (!difference.empty()) return difference;
  return query.prefer.empty() ? "as good; the ids decide" : "as good; preferences or the ids decide";
}

// What the search finds when one step of the chosen chain may not be used, for the steps next to the result.
// Tells each of these steps' reason on the way.
std::vector<Alternative> findAlternatives(const GraphData& data, const Query& query, const Derivation& chosen,
                                          std::vector<StepReason>& reasons) {
  std::vector<Alternative> out;
  std::set<std::vector<std::string>> seen{idsOf(chosen)};
  const std::size_t tried = std::min(chosen.steps.size(), kStepsTried);
  for (std::size_t i = 0; i < tried; ++i) {
    const Step& step = chosen.steps[chosen.steps.size() - 1 - i];
    StepReason& reason = reasons[chosen.steps.size() - 1 - i];
    Rules rules(data, query);
    rules.block(step.index);
    auto other = deriveUnder(rules, query);
    reason.whyChosen = other ? whyNot(query, chosen, *other) : "nothing else leads there";
    if (!other) continue;
    reason.runnerUp = chainText(data, query, *other);
    if (!seen.insert(idsOf(*other)).second) continue;
    Alternative alternative{
        .derivation = *std::move(other), .chain = {}, .whyNot = {}, .withoutStep = step.mapper};
    alternative.chain = reason.runnerUp;
    alternative.whyNot = reason.whyChosen;
    out.push_back(std::move(alternative));
  }
  std::ranges::stable_sort(out, [&](const Alternative& a, const Alternative& b) {
    const int order = compare(query.policy, a.derivation.cost, b.derivation.cost);
    return order != 0 ? order < 0 : idsOf(a.derivation) < idsOf(b.derivation);
  });
  if (out.size() > kMaxAlternatives) out.resize(kMaxAlternatives);
  return out;
}

std::string versionOf(const std::string& id) {
  const std::size_t at = id.find('@');
  const std::size_t slash = id.find('/');
  if (at == std::string::npos || slash == std::string::npos || at > slash) return {};
  return id.substr(at + 1, slash - at - 1);
}

std::vector<StepReason> reasonsOf(const GraphData& data, const Query& query, const Derivation& chosen) {
  std::vector<StepReason> out;
  for (const Step& step : chosen.steps) {
    StepReason reason{.mapper = step.mapper,
                      .plugin = step.plugin,
                      .version = versionOf(step.mapper),
                      .cost = step.cost,
                      .grants = grantsOf(data, query, step),
                      .launches = step.cost.launches > 0};
    out.push_back(std::move(reason));
  }
  return out;
}

// Writes down which plugins run, and which of them for the chain alone.
void listProcesses(Explanation& explanation) {
  std::set<std::string> all, launched;
  for (const StepReason& step : explanation.steps) {
    if (step.plugin.empty()) continue;
    all.insert(step.plugin);
    if (step.launches) launched.insert(step.plugin);
  }
  explanation.processes.assign(all.begin(), all.end());
  explanation.launches.assign(launched.begin(), launched.end());
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string write(const MapperGraph& graph, const Query& query, const Explanation& explanation) {
  const Derivation& chosen = explanation.chosen;
  std::string out = explanation.chain + '\n';
  if (chosen.steps.empty()) {
    const std::string& label = query.available[chosen.result.index].label;
    return out + "  taken as it is" + (label.empty() ? "" : ": " + label) + '\n';
  }
  out += "  " + text(chosen.cost) + " (policy " + std::string(name(query.policy)) + ")\n";
  for (std::size_t i = 0; i < chosen.steps.size(); ++i) {
    const Step& step = chosen.steps[i];
    out += "  " + std::to_string(i + 1) + ". " + step.mapper + " makes " + graph.typeName(step.output) +
           "; " + text(step.cost) + '\n';
  }
  if (!chosen.gates.empty()) out += "  gates passed: " + joined(chosen.gates) + '\n';
  if (!explanation.launches.empty()) out += "  also starts: " + joined(explanation.launches) + '\n';
  for (const Alternative& other : explanation.alternatives)
    out += "  not " + other.chain + ": " + other.whyNot + '\n';
  for (const Ambiguity& ambiguity : chosen.ambiguities) {
    out += "  ambiguous: " + ambiguity.rivalMapper + " would do as well as " + ambiguity.chosenMapper +
           "; settle it with " + ambiguity.settle + " under [mappers]\n";
  }
  return out;
}

}  // namespace

Result<Explanation> MapperGraph::explain(const Query& query, Reasons reasons) const {
  Explanation out{.chosen = CAIRN_TRY(derive(query, reasons))};
  out.chain = chainText(query, out.chosen);
  out.steps = reasonsOf(*data_, query, out.chosen);
  out.alternatives = findAlternatives(*data_, query, out.chosen, out.steps);
  listProcesses(out);
  out.text = write(*this, query, out);
  return out;
}

}  // namespace cairn::graph
