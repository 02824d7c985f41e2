#pragma once
// What the user sees of a call: its steps, tables, output and log lines become events.

#include "host/broker/call_share.h"

namespace cairn::host {

wire::Terminal::Client makeTerminal(kj::Own<CallSession::Shared> shared);

}  // namespace cairn::host
