#include "host/pipeline/mapping.h"

#include <host/broker/digest.h>

namespace cairn::host {
namespace {

std::string keyOf(const std::string& mapperId, const std::vector<Value>& inputs) {
  Digester digester;
  digester.add(mapperId);
  for (const Value& input : inputs) digester.add(input.digest());
  return digester.finish();
}

}  // namespace

Result<Value> MapCache::map(kj::WaitScope& wait, PipelineContext& context, const LocatedPlugin& plugin,
                            const std::string& mapperId, const std::string& name, std::vector<Value> inputs,
                            JournalHost& host, const Emitter& emitter) {
  auto& slot = entries_[keyOf(mapperId, inputs)];
  if (slot) {
    auto entry = slot;
    if (!entry->result) {
      KJ_IF_MAYBE (ready, entry->ready) ready->addBranch().wait(wait);
    }
    return *entry->result;
  }
  auto entry = slot = std::make_shared<Entry>();
  auto done = kj::newPromiseAndFulfiller<void>();
  entry->ready = done.promise.fork();
  KJ_DEFER(done.fulfiller->fulfill());

  const auto started = context.timer().now();
  Invocation invocation;
  invocation.mapper = name;
  invocation.inputs = std::move(inputs);
  CallScope scope;
  scope.title = "mapper " + mapperId;
  CallLimits limits;
  limits.cancel = context.whenCancelled();
  auto answer =
      context.broker.run(plugin, std::move(invocation), host, std::move(scope), kj::mv(limits)).wait(wait);
  if (!answer) {
    entry->result = Result<Value>(std::move(answer).error().context("converting by " + mapperId));
    return *entry->result;
  }
  entry->result = Result<Value>(answer->value);
  emitter.emit([&](wire::Event::Builder event) {
    auto mapped = event.initMapped();
    mapped.setMapper(mapperId);
    mapped.setOutput(answer->value.typeName);
    mapped.setDurationMs(static_cast<std::uint64_t>((context.timer().now() - started) / kj::MILLISECONDS));
  });
  return *entry->result;
}

}  // namespace cairn::host
