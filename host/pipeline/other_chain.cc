#include "host/pipeline/other_chain.h"

#include <algorithm>

namespace cairn::host {
namespace {

using graph::Selector;

std::string withoutVersion(const std::string& mapper) {
  const auto at = mapper.find('@'), slash = mapper.find('/');
  return at == std::string::npos || slash < at ? mapper : mapper.substr(0, at) + mapper.substr(slash);
}

// As a rule names it: with its version only where there are several.
Selector named(const graph::MapperGraph& graph, const std::string& mapper) {
  const std::string plain = withoutVersion(mapper);
  return {Selector::Kind::Mapper, graph.findMapper(plain) ? plain : mapper};
}

std::string ruleText(const char* key, const std::vector<Selector>& rules) {
  std::string out;
  for (const Selector& rule : rules) out += (out.empty() ? "\"" : ", \"") + rule.name + "\"";
  return std::string(key) + " = [" + out + "]";
}

bool uses(const graph::Derivation& derivation, const std::string& mapper) {
  return std::any_of(derivation.steps.begin(), derivation.steps.end(),
                     [&](const graph::Step& step) { return step.mapper == mapper; });
}

// The steps that could be pinned to keep `mapper` out: first what makes the same as it does, then from the
// end to the beginning.
std::vector<std::string> pinnable(const graph::MapperGraph& graph, const graph::Derivation& other,
                                  const std::string& mapper) {
  const auto refused = graph.findMapper(mapper);
  const graph::TypeId made = refused ? graph.mapper(*refused).output : 0;
  std::vector<std::string> out;
  for (auto step = other.steps.rbegin(); step != other.steps.rend(); ++step) {
    const bool first = step->output == made;
    out.insert(first ? out.begin() : out.end(), step->mapper);
  }
  return out;
}

// The line of [mappers] that keeps `mapper` out: a pin where one does it, else to forbid it.
std::string lineFor(const graph::MapperGraph& graph, const graph::Query& query,
                    const graph::Derivation& other, const std::string& mapper) {
  for (const std::string& pinned : pinnable(graph, other, mapper)) {
    graph::Query tried = query;
    tried.pin.push_back(named(graph, pinned));
    const auto derived = graph.derive(tried);
    if (derived && !uses(*derived, mapper)) return ruleText("pin", tried.pin);
  }
  graph::Query tried = query;
  tried.forbid.push_back(named(graph, mapper));
  return ruleText("forbid", tried.forbid);
}

}  // namespace

void ChainQuestions::add(const std::string& app, int stage, unsigned input,
                         std::shared_ptr<const graph::MapperGraph> graph, graph::Query query) {
  questions_.insert_or_assign({app, stage, input}, Question{std::move(graph), std::move(query)});
}

std::string ChainQuestions::adviceWithout(const std::string& mapper, const std::string& app, int stage,
                                          unsigned input) const {
  const auto found = questions_.find({app, stage, input});
  if (found == questions_.end()) return {};
  const graph::MapperGraph& graph = *found->second.graph;
  graph::Query query = found->second.query;
  std::erase_if(query.pin, [&](const Selector& rule) {
    return rule.kind == Selector::Kind::Mapper &&
           (rule.name == mapper || rule.name == withoutVersion(mapper));
  });
  graph::Query without = query;
  without.forbid.push_back({Selector::Kind::Mapper, mapper});
  const auto other = graph.derive(without);
  if (!other) return "mend the value: no other chain leads to " + graph.typeName(query.wanted);
  return "mend the value, or take " + graph.chainText(without, *other) + ", with " +
         lineFor(graph, query, *other, mapper) + " under [mappers]";
}

}  // namespace cairn::host
