#pragma once
// The outside world as the pipeline sees it: all of it comes in through here.

#include <cairn/event.capnp.h>
#include <host/broker/broker.h>
#include <host/store/id.h>
#include <host/store/state_folders.h>
#include <host/store/store.h>

#include <kj/async-io.h>
#include <kj/function.h>
#include <kj/time.h>

#include <functional>
#include <string>
#include <string_view>

namespace cairn::host {

// Keeps secrets out of events and records.
struct Masking {
  std::function<void(std::string_view secret)> add;
  std::function<std::string(std::string_view text)> mask;
  std::function<bool(std::string_view text)>
      finds;                  // whether one is in it that is long enough to be no chance
  SafeCut cut;                // where a text may be cut without cutting a secret
  std::function<bool()> any;  // whether there is a secret at all: masking costs a walk over each event
};

// Outlives everything that is given it. Used on the loop's thread only.
struct PipelineContext {
  kj::AsyncIoContext& io;
  Broker& broker;
  Store& store;
  const kj::Clock& clock;
  StateFolders folders;
  Masking masking;
  Actor actor;
  std::string version;                            // of Cairn
  std::function<void(wire::Event::Reader)> sink;  // who is told
  std::function<kj::Promise<void>()>
      whenCancelled;  // a new promise each time; resolves when somebody asks to stop
  bool* cancelled;    // whether somebody has

  kj::Timer& timer() { return io.provider->getTimer(); }
  std::int64_t nowMs() { return unixMs(clock.now()); }
};

}  // namespace cairn::host
