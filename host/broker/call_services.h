#pragma once
// Processes that a call starts and that outlive it, journaled like all that is made outside.

#include "host/broker/call_share.h"

namespace cairn::host {

wire::Services::Client makeServices(kj::Own<CallSession::Shared> shared);

}  // namespace cairn::host
