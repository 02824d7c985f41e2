#include "host/pipeline/plan_chain.h"

namespace cairn::host {
namespace {

void writeSource(graph::ValueRef ref, const StageFlow& flow, const graph::Query& query,
                 wire::Plan::Source::Builder out) {
  if (ref.from == graph::ValueRef::From::Step) {
    out.setStep(static_cast<std::uint16_t>(ref.index));
  } else if (!query.available[ref.index].main) {
    out.setGiven(givenOf(query.available[ref.index].type));
  } else if (!flow.record.empty()) {
    out.setRecord(flow.record);
  } else {
    out.setStage(flow.stage);
  }
}

}  // namespace

Result<std::vector<Error>> planChain(const PluginSet& plugins, const TypeGraph& types, const ChainEnd& end,
                                     wire::Manifest::Input::Reader input, const StageFlow& flow,
                                     const std::function<std::uint16_t(std::size_t)>& numberOf,
                                     wire::Plan::Derivation::Builder out) {
  out.setWanted(input.getType());
  out.setWantedName(plugins.typeName(input.getType()));
  out.setRole(input.getRole());
  const graph::Query query = queryFor(end, input, flow);
  auto derived = CAIRN_TRY(types.graph().derive(query));
  auto steps = out.initSteps(derived.steps.size());
  for (unsigned i = 0; i < steps.size(); ++i) {
    const auto& step = derived.steps[i];
    const MapperHome& home = types.home(step.mapper);
    steps[i].setMapper(step.mapper);
    steps[i].setPlugin(numberOf(home.plugin));
    steps[i].setName(home.mapper.getName());
    steps[i].setOutput(step.output);
    steps[i].setOutputName(plugins.typeName(step.output));
    auto sources = steps[i].initInputs(step.inputs.size());
    for (unsigned j = 0; j < sources.size(); ++j) writeSource(step.inputs[j].source, flow, query, sources[j]);
  }
  writeSource(derived.result, flow, query, out.initResult());
  out.setText(types.graph().chainText(query, derived));
  std::vector<Error> warnings;
  for (const auto& ambiguity : derived.ambiguities) {
    warnings.push_back(Error{ErrorKind::Config,
                             "ambiguous-chain",
                             "two chains are equally good: " + ambiguity.chosenChain + " was chosen, " +
                                 ambiguity.rivalChain + " would do as well",
                             "settle it: " + ambiguity.settle,
                             {}});
  }
  return warnings;
}

void writePluginUse(const LocatedPlugin& plugin, wire::Plan::PluginUse::Builder out) {
  const std::string manifestDigest = plugin.manifest->digest();
  out.setName(plugin.bundle.name);
  out.setVersion(plugin.manifest->reader().getVersion());
  out.setBundleDigest(kj::StringPtr(plugin.digest.c_str(), plugin.digest.size()).asBytes());
  out.setPath(plugin.bundle.executable.string());
  out.setManifestDigest(kj::StringPtr(manifestDigest.c_str(), manifestDigest.size()).asBytes());
}

}  // namespace cairn::host
