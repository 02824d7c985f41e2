#include "host/pipeline/stage_inputs.h"

#include <host/pipeline/declared_command.h>

#include <algorithm>

namespace cairn::host {
namespace {

constexpr std::size_t kFiberStack = 256 * 1024;

capnp::Data::Reader asData(const std::string& bytes) {
  return kj::StringPtr(bytes.c_str(), bytes.size()).asBytes();
}

}  // namespace

Result<std::vector<Value>> StageInputs::make(kj::WaitScope& wait) {
  auto inputs = stage_.getInputs();
  chains_.resize(inputs.size());
  kj::Vector<kj::Promise<void>> all;
  for (unsigned i = 0; i < inputs.size(); ++i) {
    auto steps = inputs[i].getSteps();
    chains_[i].resize(steps.size());
    for (unsigned j = 0; j < steps.size(); ++j) chains_[i][j].plan = steps[j];
    for (unsigned j = 0; j < steps.size(); ++j) {
      auto forked = start(chains_[i], j).fork();
      all.add(forked.addBranch());
      chains_[i][j].done = kj::mv(forked);
    }
  }
  kj::joinPromises(all.releaseAsArray()).wait(wait);
  if (failure_) return *failure_;
  std::vector<Value> out;
  for (unsigned i = 0; i < inputs.size(); ++i) {
    out.push_back(CAIRN_TRY(source(inputs[i].getResult(), chains_[i])));
  }
  return out;
}

kj::Promise<void> StageInputs::start(Chain& chain, std::size_t index) {
  Step& step = chain[index];
  kj::Vector<kj::Promise<void>> needed;
  for (auto input : step.plan.getInputs()) {
    if (!input.isStep() || input.getStep() >= index) continue;
    KJ_IF_MAYBE (done, chain[input.getStep()].done) needed.add(done->addBranch());
  }
  return kj::joinPromises(needed.releaseAsArray()).then([this, &chain, &step]() -> kj::Promise<void> {
    return kj::startFiber(kFiberStack, [this, &chain, &step](kj::WaitScope& wait) {
      if (!failure_) run(wait, chain, step);
    });
  });
}

void StageInputs::run(kj::WaitScope& wait, Chain& chain, Step& step) {
  auto made = [&]() -> Result<Value> {
    std::vector<Value> inputs;
    for (auto input : step.plan.getInputs()) {
      inputs.push_back(CAIRN_TRY(source(input, chain)));
      step.inputDigests.push_back(inputs.back().digest());
    }
    auto value = CAIRN_TRY(callMapper(wait, place_, step.plan, inputs));
    for (auto input : step.plan.getInputs()) {
      if (input.isStep())
        step.gates.insert(chain[input.getStep()].gates.begin(), chain[input.getStep()].gates.end());
    }
    CAIRN_TRY(checkGates(chain, step, inputs, value));
    const std::string gate = step.plan.getDeclared().getGate();
    if (!gate.empty()) step.gates.insert(gate);
    return value;
  }();
  if (!made && !failure_) failure_ = advised(made.error(), chain, step);
  step.value = std::move(made);
}

Error StageInputs::advised(Error error, const Chain& chain, const Step& step) const {
  if (error.code != "mapper-refused") return error;
  const auto input =
      std::find_if(chains_.begin(), chains_.end(), [&](const Chain& one) { return &one == &chain; });
  error.hint = place_.run.questions.adviceWithout(step.plan.getMapper(), app_.getName(),
                                                  static_cast<int>(stage_.getKind()),
                                                  static_cast<unsigned>(input - chains_.begin()));
  return error;
}

// A gate that makes another value of the type it looked at unmakes what other gates have seen, unless the
// file says that it comes after them.
Result<void> StageInputs::checkGates(const Chain& chain, const Step& step, const std::vector<Value>& inputs,
                                     const Value& made) const {
  auto declared = step.plan.getDeclared();
  if (declared.getGate().size() == 0 || inputs.size() != 1 || inputs[0].typeId != made.typeId ||
      inputs[0].words == made.words)
    return {};
  std::set<std::string> before;
  for (auto name : declared.getAfter()) before.insert(name.cStr());
  for (auto other = chain.rbegin(); other != chain.rend(); ++other) {
    auto gate = other->plan.getDeclared();
    if (before.count(gate.getGate().cStr()) == 0) continue;
    for (auto name : gate.getAfter()) before.insert(name.cStr());
  }
  for (const std::string& passed : step.gates) {
    if (before.count(passed) > 0) continue;
    const std::string gate = declared.getGate();
    return Error{
        ErrorKind::Failed,
        "gate-changed-value",
        "the gate " + gate + " made another " + made.typeName + " of the one that the gate " + passed +
            " had passed",
        "let it print nothing, or declare the order: after = [\"" + passed + "\"] in the mapper " + gate,
        {}};
  }
  return {};
}

Result<Value> StageInputs::source(wire::Plan::Source::Reader source, const Chain& chain) const {
  const auto& plan = place_.run.plan;
  switch (source.which()) {
    case wire::Plan::Source::STEP:
      if (source.getStep() < chain.size() && chain[source.getStep()].value)
        return *chain[source.getStep()].value;
      break;
    case wire::Plan::Source::GIVEN:
      switch (source.getGiven()) {
        case wire::Given::SOURCE_TREE:
          return sourceTreeValue(app_.getPath(), plan.getProjectPath(), plan.getGit());
        case wire::Given::LABELS:
          return labelsValue(stage_.getLabels());
        case wire::Given::DEPLOYMENT_CONFIG:
          return deploymentConfigValue(plan.getProject(), app_.getName(), plan.getWorkspace(), deployment_);
      }
      break;
    case wire::Plan::Source::STAGE:
      if (auto found = outputs_.find(source.getStage()); found != outputs_.end()) return found->second.value;
      break;
    case wire::Plan::Source::RECORD:
      for (const auto& [kind, output] : outputs_) {
        if (output.recordId == source.getRecord().cStr()) return output.value;
      }
      break;
  }
  return Error{ErrorKind::Internal,
               "internal",
               "the plan takes a value for the " + place_.before + " that no earlier stage made",
               "plan again",
               {}};
}

void StageInputs::write(wire::Record::Builder record) const {
  std::size_t count = 0;
  for (const Chain& chain : chains_) count += chain.size();
  auto out = record.initDerivation(count);
  unsigned next = 0;
  for (const Chain& chain : chains_) {
    for (const Step& step : chain) {
      auto entry = out[next++];
      entry.setMapper(step.plan.getMapper());
      if (step.value && *step.value) writeValue(**step.value, entry.initOutput());
      auto digests = entry.initInputDigests(step.inputDigests.size());
      for (unsigned i = 0; i < digests.size(); ++i) digests.set(i, asData(step.inputDigests[i]));
      const std::string gate = step.plan.getDeclared().getGate();
      if (!gate.empty()) entry.initGates(1).set(0, gate);
    }
  }
}

}  // namespace cairn::host
