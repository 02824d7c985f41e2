#pragma once
// The user's stdin as a stream of the event loop, whatever it is: a terminal, a pipe, a file, /dev/null; and
// the sizes of their terminal.

#include "host/broker/call_host.h"

#include <kj/async-io.h>
#include <kj/function.h>
#include <kj/io.h>

namespace cairn::cli {

// Doesn't own `fd`. Its flags are as they were again once the stream is gone.
kj::Own<kj::AsyncInputStream> openUserInput(int fd, kj::AsyncIoContext& io);

// Each call of it waits until `resizedFd`, an eventfd, was written to, and answers the size that `terminalFd`
// has then. Both stay the caller's and outlive it.
kj::Function<kj::Promise<host::TerminalSize>()> terminalSizes(int terminalFd, int resizedFd,
                                                              kj::AsyncIoContext& io);

}  // namespace cairn::cli
