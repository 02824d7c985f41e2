#pragma once
// What the settings make a component do before it does nothing.

#include <null/null.capnp.h>

#include <cairn/plugin.h>

namespace cairn::plugins::null {

// Prints, waits, fails, throws or ends the process, as the settings say.
Result<void> behave(const Call& call, Settings::Reader settings);

// The same of a destroy, which doesn't wait: `sleep_ms` is of what it undoes.
Result<void> behaveAtOnce(const Call& call, Settings::Reader settings);

// The check of every component.
Result<void> checkSettings(Settings::Reader settings);

inline std::string text(capnp::Text::Reader from) {
  return {from.begin(), from.size()};
}

}  // namespace cairn::plugins::null
