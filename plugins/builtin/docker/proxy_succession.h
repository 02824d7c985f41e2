#pragma once
// How a new proxy takes the place of the one that serves: it is made beside it, under a name of its own, and
// gets the name once it answers. Until then the old one is only stopped, and starts again where the new one
// fails.

#include "containers.h"

namespace cairn::plugins::docker {

// What the proxy that is to follow `name` is called meanwhile.
std::string successorOf(const std::string& name);

// Ends what was cut short: the old proxy serves again and its successor goes; a successor whose predecessor
// is gone already takes the name. Nothing happens where there is no successor.
Result<void> settleSuccession(const Engine& engine, const std::string& name);

// The successor takes the place of the old proxy, which goes.
Result<void> finishSuccession(const Engine& engine, const std::string& name);

}  // namespace cairn::plugins::docker
