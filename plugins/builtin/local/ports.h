#pragma once
// Loopback ports: choosing a free one, and telling who has one that is taken.

#include <cairn/base/result.h>

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::plugins::local {

inline constexpr char kLoopback[] = "127.0.0.1";

// A port that nobody listens on now. Somebody else may take it before it is used. Errors: local/port-in-use
// when none is left.
Result<std::uint16_t> chooseFreePort();

// Whether one may listen on it at 127.0.0.1.
bool isPortFree(std::uint16_t port);

struct PortHolder {
  int pid = 0;
  std::string program;  // the name of its executable's file
};

// The process that listens on the port, as far as /proc shows it to this user.
std::optional<PortHolder> findPortHolder(std::uint16_t port);

// Whether `pid` is `ancestor` or descends from it.
bool descendsFrom(int pid, int ancestor);

}  // namespace cairn::plugins::local
