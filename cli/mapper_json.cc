// Mappers and chains as JSON; docs/events.md tells the fields.

#include "cli/mapper_text.h"
#include "cli/output/error_text.h"
#include "cli/output/json_text.h"
#include "cli/record_text.h"

namespace cairn::cli {

namespace {

template <typename List, typename Write>
std::string listOf(const List& list, Write write) {
  std::string out;
  for (const auto& one : list) out += (out.empty() ? "" : ",") + write(one);
  return "[" + out + "]";
}

std::int64_t number(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

std::string costJson(const graph::CostVector& cost) {
  return JsonObject()
      .add("hops", number(cost.hops))
      .add("lossy", number(cost.lossy))
      .add("effects", number(cost.effects))
      .add("cost", number(cost.cost))
      .add("launches", number(cost.launches))
      .text();
}

// Where a value comes from: {"value": 0} of `available`, or {"step": 0} of `steps`.
std::string sourceJson(const graph::ValueRef& ref) {
  const bool available = ref.from == graph::ValueRef::From::Available;
  return JsonObject().add(available ? "value" : "step", number(ref.index)).text();
}

// What a mapper takes, before it is told where it comes from.
template <class Input>
JsonObject inputJson(const Mappers& mappers, const Input& input) {
  JsonObject object;
  object.add("type", mappers.graph->typeName(input.type));
  if (!input.role.empty()) object.add("role", input.role);
  return object;
}

std::string stepJson(const Mappers& mappers, const graph::Step& step, const graph::StepReason& reason) {
  JsonObject object;
  object.add("mapper", step.mapper).add("plugin", step.plugin).add("version", reason.version);
  object.addJson("inputs", listOf(step.inputs, [&](const graph::StepInput& input) {
                   return inputJson(mappers, input).addJson("from", sourceJson(input.source)).text();
                 }));
  object.add("output", mappers.graph->typeName(step.output)).addJson("cost", costJson(step.cost));
  object.addJson("gates", jsonList(reason.grants)).addBool("launches", reason.launches);
  return object.add("runnerUp", reason.runnerUp).add("whyChosen", reason.whyChosen).text();
}

std::string alternativeJson(const graph::Alternative& alternative) {
  std::vector<std::string> ids;
  for (const auto& step : alternative.derivation.steps) ids.push_back(step.mapper);
  return JsonObject()
      .add("chain", alternative.chain)
      .addJson("mappers", jsonList(ids))
      .addJson("cost", costJson(alternative.derivation.cost))
      .add("whyNot", alternative.whyNot)
      .add("withoutStep", alternative.withoutStep)
      .text();
}

std::string ambiguityJson(const graph::Ambiguity& ambiguity) {
  return JsonObject()
      .add("chosen", ambiguity.chosenMapper)
      .add("rival", ambiguity.rivalMapper)
      .add("rivalChain", ambiguity.rivalChain)
      .add("settle", ambiguity.settle)
      .text();
}

void addExplanation(JsonObject& object, const Mappers& mappers, const graph::Explanation& explanation) {
  const graph::Derivation& chosen = explanation.chosen;
  std::string steps;
  for (std::size_t i = 0; i < chosen.steps.size(); ++i)
    steps += (i == 0 ? "" : ",") + stepJson(mappers, chosen.steps[i], explanation.steps[i]);
  object.add("chain", explanation.chain)
      .addJson("cost", costJson(chosen.cost))
      .addJson("steps", "[" + steps + "]")
      .addJson("result", sourceJson(chosen.result))
      .addJson("gates", jsonList(chosen.gates))
      .addJson("processes", jsonList(explanation.processes))
      .addJson("starts", jsonList(explanation.launches))
      .addJson("alternatives", listOf(explanation.alternatives, alternativeJson))
      .addJson("ambiguities", listOf(chosen.ambiguities, ambiguityJson));
}

std::string_view causeWord(graph::Diagnosis::Cause cause) {
  constexpr std::string_view kWords[] = {"unknownType", "nothingMakes", "nothingToUse", "missingInputs",
                                         "gap",         "sideOnly",     "blocked",      "gateNotPassed",
                                         "gateUnknown", "tooManyGates"};
  return kWords[static_cast<std::size_t>(cause)];
}

std::string diagnosisJson(const graph::Diagnosis& diagnosis) {
  JsonObject object;
  object.add("cause", causeWord(diagnosis.cause)).addJson("missing", jsonList(diagnosis.missing));
  object.addJson("nearest", listOf(diagnosis.nearest, [](const graph::Diagnosis::Need& need) {
                   return JsonObject()
                       .add("mapper", need.mapper)
                       .add("output", need.output)
                       .addJson("has", jsonList(need.has))
                       .addJson("lacks", jsonList(need.lacks))
                       .text();
                 }));
  object.addJson("reached", jsonList(diagnosis.reached))
      .addJson("wouldDo", jsonList(diagnosis.wouldDo))
      .addJson("closedBy", jsonList(diagnosis.closedBy))
      .addJson("blocked", jsonList(diagnosis.blocked))
      .addJson("gatesMissing", jsonList(diagnosis.gatesMissing))
      .addJson("nearNames", jsonList(diagnosis.nearNames));
  if (!diagnosis.chain.empty()) object.add("notAllowed", diagnosis.chain);
  return object.text();
}

}  // namespace

std::string mapperJson(const Mappers& mappers, const graph::MapperSpec& mapper) {
  static constexpr std::string_view kEffects[] = {"pure", "idempotent", "effectful"};
  const MapperId id = splitMapperId(mapper.id);
  auto doc = mappers.docs.find(mapper.id);
  JsonObject object;
  object.add("mapper", mapper.id).add("plugin", mapper.plugin).add("version", id.version);
  object.addJson("inputs", listOf(mapper.inputs, [&](const graph::MapperInput& input) {
                   return inputJson(mappers, input).text();
                 }));
  object.add("output", mappers.graph->typeName(mapper.output))
      .add("cost", number(mapper.cost))
      .addBool("lossy", mapper.lossy)
      .add("effects", kEffects[static_cast<std::size_t>(mapper.effects)])
      .addJson("gates", jsonList(mapper.grants))
      .addBool("allowed", mapper.enabled && !isForbidden(mapper, mappers.rules))
      .add("doc", doc == mappers.docs.end() ? "" : doc->second);
  return object.text();
}

std::string chainJson(const Mappers& mappers, const Chain& chain) {
  const host::Boundary& boundary = chain.boundary;
  JsonObject object;
  if (!boundary.app.empty()) {
    object.add("app", boundary.app)
        .add("stage", stageWord(boundary.stage))
        .add("component", boundary.component);
    if (!boundary.role.empty()) object.add("role", boundary.role);
  }
  object.add("wanted", mappers.graph->typeName(boundary.query.wanted));
  object.addJson("available", listOf(boundary.query.available, [&](const graph::Available& value) {
                   return JsonObject()
                       .add("type", mappers.graph->typeName(value.type))
                       .add("label", value.label)
                       .addBool("main", value.main)
                       .text();
                 }));
  object.add("policy", name(boundary.query.policy)).addJson("gatesWanted", jsonList(boundary.query.gates));
  object.addBool("found", static_cast<bool>(chain.answer));
  if (chain.answer) {
    addExplanation(object, mappers, *chain.answer);
  } else {
    object.addJson("diagnosis", diagnosisJson(boundary.graph->diagnose(boundary.query, chain.reasons)))
        .addJson("error", errorJson(errorOf(chain)));
  }
  return object.text();
}

}  // namespace cairn::cli
