#pragma once
// What a plugin is called for, what comes back, and how long it may take.

#include <cairn/base/error.h>
#include <cairn/manifest.capnp.h>
#include <host/broker/value.h>

#include <kj/async.h>
#include <kj/time.h>

#include <string>
#include <vector>

namespace cairn::host {

// One operation of one component, or one mapper.
struct Invocation {
  wire::Manifest::Component::Kind kind = wire::Manifest::Component::Kind::BUILDER;
  std::string component;
  wire::Manifest::Operation::Name operation = wire::Manifest::Operation::Name::BUILD;
  std::string mapper;  // not empty: runs this mapper; the three above don't count
  Value settings;
  std::vector<Value> inputs;
};

struct CallAnswer {
  Value value;  // empty where the operation makes none
  std::vector<Error> warnings;
};

struct CallLimits {
  kj::Duration deadline = 24 * 60 * 60 * kj::SECONDS;  // no call is without one
  kj::Maybe<kj::Promise<void>> cancel;                 // resolves when the call shall end
};

}  // namespace cairn::host
