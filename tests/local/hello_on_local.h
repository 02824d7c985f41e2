#pragma once

#include "tests/support/cairn_house.h"

namespace cairn::testing {

// One app, `web`, that serves app/greeting.txt on this machine until it is destroyed.
inline constexpr char kHelloOnLocal[] = R"(
project = "shop"
[app.web]
path = "./app"
[app.web.build]
use = "files"
[app.web.deploy]
use = "local"
command = ["./hello-server"]
probe = { path = "/" }
[app.web.release]
use = "local"
)";

inline void writeHelloOnLocal(const CairnHouse& house) {
  house.write("app/greeting.txt", "one\n");
  house.copy(CAIRN_BUILD_ROOT "/examples/hello-server", "app/hello-server");
  house.write("cairn.toml", kHelloOnLocal);
}

}  // namespace cairn::testing
