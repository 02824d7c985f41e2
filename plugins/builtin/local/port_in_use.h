#pragma once
// The error that a port is taken: it knows what this plugin itself has on the machine, and tells that apart
// from strangers.

#include <cairn/call.h>

#include <cstdint>
#include <string>

namespace cairn::plugins::local {

// The hints of the two that take a port from the settings: the platform and the releaser.
inline constexpr char kLeaveOutPort[] = "leave out `port`, so that each deployment gets one of its own";
inline constexpr char kChooseAnotherPort[] = "choose another `port`, leave it out to get a free one";

// local/port-in-use: "port 80 is taken by web v2 of shop, workspace prod (hello-server, pid 7)" where a
// deployment or an address of ours has it, with the command that removes it added to `hint`; else the
// holder's program, as far as it is known.
Error portInUse(const Call& call, std::uint16_t port, const std::string& hint);

}  // namespace cairn::plugins::local
