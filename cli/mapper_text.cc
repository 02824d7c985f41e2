#include "cli/mapper_text.h"

#include <algorithm>

namespace cairn::cli {

namespace {

constexpr std::string_view kIndent = "  ";

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// A fact with its name before it, in a column of its own.
Line fact(std::string_view name, std::string_view text, Tone tone = Tone::Plain) {
  constexpr std::size_t kWidth = 9;
  return Line(kIndent)
      .add(std::string(name) + std::string(kWidth - std::min(kWidth, name.size()), ' '), Tone::Dim)
      .add(text, tone);
}

std::string_view effectsWord(graph::Effects effects) {
  switch (effects) {
    case graph::Effects::Pure:
      return "pure";
    case graph::Effects::Idempotent:
      return "idempotent";
    case graph::Effects::Effectful:
      return "effectful";
  }
  return "";
}

std::string whoRuns(const graph::StepReason& reason) {
  if (reason.plugin.empty()) return "this project";
  return reason.plugin + (reason.version.empty() ? "" : " " + reason.version) +
         (reason.launches ? ", started for it" : ", runs anyway");
}

// Other chains are told once, below the steps; a step points to its own by the number.
std::string whyThis(const graph::Explanation& explanation, const graph::StepReason& reason) {
  if (reason.whyChosen.empty() || reason.runnerUp.empty()) return reason.whyChosen;
  const auto& all = explanation.alternatives;
  auto other = std::ranges::find(all, reason.runnerUp, &graph::Alternative::chain);
  if (other == all.end()) return reason.whyChosen + ": " + reason.runnerUp;
  return reason.whyChosen + " (other " + std::to_string(other - all.begin() + 1) + ")";
}

void addStep(Lines& lines, const Mappers& mappers, const Chain& chain, std::size_t index, bool verbose) {
  const graph::Explanation& explanation = *chain.answer;
  const graph::StepReason& reason = explanation.steps[index];
  const std::string remarks =
      remarksOn(chain.boundary.graph->mapper(explanation.chosen.steps[index].index), chain.boundary.query);
  Line line = fact("step " + std::to_string(index + 1), withoutVersion(reason.mapper), Tone::Accent);
  lines.push_back(line.add("  by " + whoRuns(reason)).add(remarks.empty() ? "" : "; " + remarks));
  auto doc = mappers.docs.find(reason.mapper);
  if (verbose && doc != mappers.docs.end() && !doc->second.empty()) lines.push_back(fact("", doc->second));
  const std::string why = whyThis(explanation, reason);
  lines.push_back(fact("", text(reason.cost) + (why.empty() ? "" : "; " + why), Tone::Dim));
}

std::string sourceText(const graph::Query& query, const graph::Derivation& derivation) {
  std::vector<std::string> labels;
  auto add = [&](const graph::ValueRef& value) {
    if (value.from != graph::ValueRef::From::Available) return;
    const std::string& label = query.available[value.index].label;
    if (!label.empty() && std::ranges::find(labels, label) == labels.end()) labels.push_back(label);
  };
  add(derivation.result);
  for (const auto& step : derivation.steps)
    for (const auto& input : step.inputs) add(input.source);
  return joined(labels);
}

}  // namespace

bool isForbidden(const graph::MapperSpec& mapper, const graph::Query& rules) {
  return std::ranges::any_of(rules.forbid, [&](const graph::Selector& selector) {
    using Kind = graph::Selector::Kind;
    if (selector.kind == Kind::Plugin) return selector.name == mapper.plugin;
    return selector.kind == Kind::Mapper &&
           (selector.name == mapper.id || selector.name == withoutVersion(mapper.id));
  });
}

std::string inputsText(const graph::MapperGraph& graph, const graph::MapperSpec& mapper, std::size_t from) {
  std::vector<std::string> out;
  for (std::size_t i = from; i < mapper.inputs.size(); ++i) {
    const auto& input = mapper.inputs[i];
    out.push_back(graph.typeName(input.type) + (input.role.empty() ? "" : ":" + input.role));
  }
  return joined(out);
}

std::string remarksOn(const graph::MapperSpec& mapper, const graph::Query& rules) {
  std::vector<std::string> out;
  if (!mapper.grants.empty()) out.push_back("gate " + joined(mapper.grants));
  if (mapper.lossy) out.emplace_back("lossy");
  if (mapper.effects != graph::Effects::Pure) out.emplace_back(effectsWord(mapper.effects));
  if (!mapper.enabled) out.emplace_back("not in use");
  if (isForbidden(mapper, rules)) out.emplace_back("forbidden");
  return joined(out);
}

Lines chainLines(const Mappers& mappers, const Chain& chain, bool verbose) {
  const graph::Explanation& explanation = *chain.answer;
  const graph::Query& query = chain.boundary.query;
  Lines lines{Line(titleOf(chain.boundary), Tone::Strong)};
  const std::string source = sourceText(query, explanation.chosen);
  if (explanation.chosen.steps.empty()) {
    lines.push_back(fact("chain", "taken as it is" + (source.empty() ? "" : ": " + source)));
    return lines;
  }
  lines.push_back(fact("chain", explanation.chain + (source.empty() ? "" : "  (" + source + ")")));
  lines.push_back(
      fact("cost", text(explanation.chosen.cost) + "; policy " + std::string(name(query.policy))));
  if (!explanation.chosen.gates.empty())
    lines.push_back(fact("gates", joined(explanation.chosen.gates), Tone::Good));
  if (!explanation.launches.empty()) lines.push_back(fact("starts", joined(explanation.launches)));
  for (std::size_t i = 0; i < explanation.chosen.steps.size(); ++i)
    addStep(lines, mappers, chain, i, verbose);
  for (std::size_t i = 0; i < explanation.alternatives.size(); ++i) {
    const graph::Alternative& other = explanation.alternatives[i];
    lines.push_back(fact("other " + std::to_string(i + 1), other.chain));
    lines.push_back(fact("", text(other.derivation.cost) + ": " + other.whyNot, Tone::Dim));
  }
  for (const auto& ambiguity : explanation.chosen.ambiguities) {
    lines.push_back(fact("as good", ambiguity.rivalChain, Tone::Warn));
    lines.push_back(fact("", "settle it under [mappers]: " + ambiguity.settle));
  }
  return lines;
}

}  // namespace cairn::cli
