#pragma once
// Who does something: a person on a host, through a command, in a process that may be gone by the time it
// matters.

#include <cairn/record.capnp.h>

#include <cstdint>
#include <span>
#include <string>

namespace cairn::host {

// Which process, beyond its pid: pids are used again, hosts are started again, containers have pids of their
// own.
struct ProcessIdentity {
  int32_t pid = 0;
  uint64_t startTime = 0;    // field 22 of /proc/<pid>/stat
  std::string bootId;        // /proc/sys/kernel/random/boot_id
  std::string pidNamespace;  // "pid:[4026531836]"
};

enum class Liveness {
  Alive,
  Gone,
  Unknown,  // it is of another pid namespace or another host, which can't be looked into from here
};

ProcessIdentity currentProcess();

struct Actor {
  std::string user;  // "alice"; "root (sudo by alice)"
  std::string host;
  std::string command;  // as publicCommand() gives it
  ProcessIdentity process;
};

Actor currentActor(std::string command);
Liveness livenessOf(const Actor& actor);

// Fills a record's or an event's actor.
void writeActor(const Actor& actor, wire::Actor::Builder out);

// A command line as it may be kept: "cairn up --var token=*** web". The values of --var and of each of
// `secretFlags` ("--token") are hidden, and all that follows a bare "--", since `exec` may carry anything.
std::string publicCommand(std::span<const std::string> arguments,
                          std::span<const std::string> secretFlags = {});

}  // namespace cairn::host
