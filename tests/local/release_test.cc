// A release on this machine, without a container engine, from the first `up` to the end.

#include "tests/support/cairn_house.h"
#include "tests/support/release_under_load.h"

#include <gtest/gtest.h>

namespace cairn::testing {
namespace {

TEST(LocalRelease, IsSwitchedAndRolledBackUnderLoadAndLeavesNothing) {
  CairnHouse house;
  house.write("app/greeting.txt", "one\n");
  house.copy(CAIRN_BUILD_ROOT "/examples/hello-server", "app/hello-server");
  house.write("cairn.toml", R"(
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
)");
  const Ran up = house.cairn({"up"});
  ASSERT_EQ(up.code, 0) << up.all();
  expectNoRequestIsLost(house, "app/greeting.txt");

  const Ran destroyed = house.cairn({"destroy", "--project", "--yes"});
  EXPECT_EQ(destroyed.code, 0) << destroyed.all();
  EXPECT_EQ(house.leftBehind(), "");
}

}  // namespace
}  // namespace cairn::testing
