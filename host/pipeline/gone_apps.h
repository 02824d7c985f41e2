#pragma once
// Apps of which something still stands, while the file no longer names them.

#include <host/project/project.h>
#include <host/store/store.h>

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::host {

struct GoneApp {
  std::string app;
  std::uint32_t sequence = 0;  // of the deployment that serves, else of the newest one that is there
  bool serves = false;
};

// Those of the project's workspace, by name.
Result<std::vector<GoneApp>> findGoneApps(kj::WaitScope& wait, Store& store, const Project& project);

}  // namespace cairn::host
