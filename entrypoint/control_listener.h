#pragma once
// The listening end of a control socket: made safely, owned by this user alone.

#include "entrypoint/descriptor.h"

#include <cairn/base/result.h>

#include <string>

namespace cairn::entrypoint {

// Listens at `path` with mode 0600; missing folders are made with mode 0700. What a program that was killed
// left there is replaced. The descriptor doesn't block. Errors: Refused/control-in-use when a living program
// listens there, Failed/control-not-made.
Result<Descriptor> listenControl(const std::string& path);

}  // namespace cairn::entrypoint
