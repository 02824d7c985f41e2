#pragma once
// The user's stdin as a stream of the event loop, whatever it is: a terminal, a pipe, a file, /dev/null.

#include <kj/async-io.h>
#include <kj/io.h>

namespace cairn::cli {

// Doesn't own `fd`. Its flags are as they were again once the stream is gone.
kj::Own<kj::AsyncInputStream> openUserInput(int fd, kj::AsyncIoContext& io);

}  // namespace cairn::cli
