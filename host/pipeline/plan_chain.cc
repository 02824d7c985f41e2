#include "host/pipeline/plan_chain.h"

#include <host/pipeline/declared_step.h>
#include <host/pipeline/emitter.h>
#include <host/pipeline/gate_program.h>
#include <host/pipeline/helpful_builds.h>

#include <iterator>

namespace cairn::host {
namespace {

constexpr std::uint16_t kNoPlugin = 0xffff;

void writeSource(graph::ValueRef ref, const StageFlow& flow, const graph::Query& query,
                 wire::Plan::Source::Builder out) {
  if (ref.from == graph::ValueRef::From::Step) {
    out.setStep(static_cast<std::uint16_t>(ref.index));
  } else if (flow.type == 0 || ref.index > 0) {
    out.setGiven(givenOf(query.available[ref.index].type));
  } else if (!flow.record.empty()) {
    out.setRecord(flow.record);
  } else {
    out.setStage(flow.stage);
  }
}

Errors writeStep(const ChainTools& tools, const graph::Step& step, wire::Plan::Step::Builder out) {
  const MapperHome& home = tools.types.home(step.mapper);
  const bool isPlugins = home.declared == nullptr || home.declared->kind == MapperKind::Use;
  out.setMapper(step.mapper);
  out.setPlugin(isPlugins ? tools.numberOf(home.plugin) : kNoPlugin);
  if (isPlugins) out.setName(home.mapper.getName());
  out.setOutput(step.output);
  out.setOutputName(tools.types.graph().typeName(step.output));
  if (home.declared == nullptr) return {};
  out.initDeclared();
  if (tools.scope == nullptr || tools.faulty.count(step.mapper) > 0) return {};
  return writeDeclared(home, step, tools.plugins, tools.schemas, tools.project, *tools.scope, tools.essences,
                       out);
}

// Who declares a mapper most likely wants it.
std::string waysToSettle(const graph::Ambiguity& ambiguity) {
  const auto isDeclared = [](std::string_view mapper) { return mapper.starts_with("project/"); };
  if (!isDeclared(ambiguity.rivalMapper) || isDeclared(ambiguity.chosenMapper))
    return "settle it under [mappers]: " + ambiguity.settle;
  return "settle it under [mappers]: pin = [\"" + ambiguity.rivalMapper +
         "\"] takes the one of cairn.toml, " + ambiguity.settle + " this one";
}

Error ambiguous(const graph::Ambiguity& ambiguity) {
  return Error{ErrorKind::Config,
               "ambiguous-chain",
               "two chains are equally good: " + ambiguity.chosenChain + " was chosen, " +
                   ambiguity.rivalChain + " would do as well",
               waysToSettle(ambiguity),
               {}};
}

Errors planChain(const ChainTools& tools, const ChainEnd& end, wire::Manifest::Input::Reader input,
                 unsigned place, const StageFlow& flow, wire::Plan::Derivation::Builder out,
                 Errors& warnings) {
  const graph::MapperGraph& graph = tools.types.graph();
  out.setWanted(input.getType());
  out.setWantedName(graph.typeName(input.getType()));
  out.setRole(input.getRole());
  const graph::Query query = queryFor(tools.types, end, input, flow);
  tools.questions.add(end.app, static_cast<int>(end.stage), place, tools.types.snapshot(), query);
  auto derived = graph.derive(query, tools.reasons);
  if (!derived) {
    Error error = std::move(derived).error();
    const std::string build =
        error.code == "no-chain" ? buildHint(tools.plugins, tools.types, end, input, flow) : "";
    if (!build.empty()) error.hint = build + (error.hint.empty() ? "" : "\n" + error.hint);
    return Errors{std::move(error)};
  }
  Errors errors;
  auto steps = out.initSteps(derived->steps.size());
  for (unsigned i = 0; i < steps.size(); ++i) {
    auto more = writeStep(tools, derived->steps[i], steps[i]);
    std::move(more.begin(), more.end(), std::back_inserter(errors));
    auto sources = steps[i].initInputs(derived->steps[i].inputs.size());
    for (unsigned j = 0; j < sources.size(); ++j)
      writeSource(derived->steps[i].inputs[j].source, flow, query, sources[j]);
  }
  writeSource(derived->result, flow, query, out.initResult());
  out.setText(graph.chainText(query, *derived));
  auto gates = out.initGates(derived->gates.size());
  for (unsigned i = 0; i < gates.size(); ++i) gates.set(i, derived->gates[i]);
  for (const auto& ambiguity : derived->ambiguities)
    (tools.types.rules().strict ? errors : warnings).push_back(ambiguous(ambiguity));
  return errors;
}

void writeGates(const ChainTools& tools, const std::vector<AppGate>& gates, wire::Plan::Stage::Builder out) {
  auto list = out.initGates(gates.size());
  for (unsigned i = 0; i < list.size(); ++i) {
    list[i].setName(gates[i].name);
    if (tools.scope != nullptr) {
      const std::string digest = tools.essences.digest(tools.types.home(gates[i].mapper), *tools.scope);
      list[i].setDigest(kj::StringPtr(digest.c_str(), digest.size()).asBytes());
    }
    list[i].setStage(out.getKind());
  }
}

// A gate is closed to what can't be looked at.
Error nothingToPass(const std::vector<AppGate>& gates, const ChainEnd& end) {
  std::string names;
  for (const AppGate& gate : gates) names += (names.empty() ? "\"" : ", \"") + gate.name + "\"";
  return Error{ErrorKind::Refused,
               "gate-not-passed",
               "the " + std::string(stageName(end.stage)) + " of " + end.app +
                   " takes nothing that could pass the gate " + names,
               "say with `apps` whom the gate is for, or let the stage before make what it looks at",
               {}};
}

}  // namespace

Errors planChains(const ChainTools& tools, const ChainEnd& end, wire::Manifest::Operation::Reader operation,
                  const StageFlow& flow, wire::Plan::Stage::Builder out, Errors& warnings) {
  const auto gates = gatesInto(tools.types, end);
  writeGates(tools, gates, out);
  Errors errors;
  for (const AppGate& gate : gates) {
    if (tools.scope == nullptr || tools.faulty.count(gate.mapper) > 0) continue;
    const MapperDeclaration& declaration = *tools.types.home(gate.mapper).declared;
    if (auto mistake = mistakeOfProgram(declaration, *tools.scope)) errors.push_back(std::move(*mistake));
  }
  bool passes = false;
  auto wanted = operation.getInputs();
  auto derivations = out.initInputs(wanted.size());
  for (unsigned i = 0; i < wanted.size(); ++i) {
    passes = passes || isMainInput(wanted[i], flow);
    Errors more = planChain(tools, end, wanted[i], i, flow, derivations[i], warnings);
    std::move(more.begin(), more.end(), std::back_inserter(errors));
  }
  if (!gates.empty() && !passes) errors.push_back(nothingToPass(gates, end));
  return errors;
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
