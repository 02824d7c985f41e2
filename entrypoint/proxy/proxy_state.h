#pragma once
// What a proxy remembers, so that it serves the same deployment at the same address when it is started again.

#include <cairn/base/result.h>

#include <string>

namespace cairn::entrypoint {

// In the state file: one flat JSON object of these members and "pid".
struct ProxyState {
  std::string address;     // where it listens
  std::string backend;     // HOST:PORT; empty: none yet
  std::string deployment;  // the backend's name
};

// What `path` holds; an empty state where there is no file, or none that can be read.
ProxyState readProxyState(const std::string& path);
// Errors: those of replaceFile(). An empty path is no error and does nothing.
Result<void> writeProxyState(const std::string& path, const ProxyState& state);

}  // namespace cairn::entrypoint
