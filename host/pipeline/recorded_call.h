#pragma once
// Calls that go by what was recorded: destroy, status, logs, exec. Today's cairn.toml has no say in them.

#include <host/broker/catalog.h>
#include <host/pipeline/journal_host.h>

#include <kj/async.h>

#include <functional>

namespace cairn::host {

// A session for exec and logs: what the call is given besides the value.
struct RecordedCallExtras {
  std::vector<std::string> arguments;
  kj::Maybe<kj::AsyncInputStream&> input;
  std::uint16_t columns = 0;
  std::uint16_t rows = 0;
  std::string term = {};
  kj::Maybe<kj::Function<kj::Promise<TerminalSize>()>> resized;
  bool follow = false;
  std::uint32_t tail = 0;
  std::int64_t sinceUnixMs = 0;
  kj::Maybe<kj::Duration> deadline;
  kj::Maybe<kj::Promise<void>> stop;  // cancels the call as Ctrl-C does
};

// The plugin that made the record: the one of this name that is there today, so that a newer version takes
// over what an older one made; else the recorded path.
//
// Errors: plugin-unknown, with what the record says of it.
kj::Promise<Result<LocatedPlugin>> locateRecorded(Broker& broker, const PluginCatalog& catalog,
                                                  wire::Record::Plugin::Reader recorded);

// Calls `operation` of the component that made `record`, with its recorded settings and value. Blocks the
// fiber. Secret settings are empty: they were never written down.
//
// Errors: no-operation where the component has none (kind NotFound); type-changed where it no longer takes
// the recorded value; the call's own.
Result<CallAnswer> callRecorded(kj::WaitScope& wait, PipelineContext& context, const Emitter& emitter,
                                const LocatedPlugin& plugin, wire::Record::Reader record,
                                wire::Manifest::Operation::Name operation, RecordedCallExtras extras = {});

// Removes what a deployment or release has outside. Done when nothing was there.
Result<void> destroyRecorded(kj::WaitScope& wait, PipelineContext& context, const Emitter& emitter,
                             const LocatedPlugin& plugin, wire::Record::Reader record);

// Whether something may exist outside because of it: it made a value, or the journal tells of something. What
// was cut short before it intended anything has made nothing; a plugin that is asked to remove it all the
// same could only guess.
bool mayHaveMade(wire::Record::Reader record, bool hasResources);

// The schemas that read a record's value and config; null where the store has none.
kj::Promise<Result<std::shared_ptr<const Manifest>>> recordedSchemas(Store& store,
                                                                     wire::Record::Reader record);

// One of the values of `record`; `schemas` may be null. Errors: store-corrupt.
Result<Value> recordedValue(wire::Record::Reader record, wire::Value::Reader value, const Manifest* schemas);

}  // namespace cairn::host
