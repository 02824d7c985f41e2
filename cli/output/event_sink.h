#pragma once
// Who is told what happens in a run.

#include <cairn/event.capnp.h>

namespace cairn::cli {

class EventSink {
 public:
  virtual ~EventSink() = default;
  // Called from one thread at a time, in the order of what happened; the reader is valid during the call
  // only.
  virtual void event(wire::Event::Reader event) = 0;
};

}  // namespace cairn::cli
