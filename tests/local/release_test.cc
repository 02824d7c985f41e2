// A release on this machine, without a container engine, from the first `up` to the end.

#include "tests/local/hello_on_local.h"
#include "tests/support/release_under_load.h"

#include <gtest/gtest.h>

namespace cairn::testing {
namespace {

TEST(LocalRelease, IsSwitchedAndRolledBackUnderLoadAndLeavesNothing) {
  CairnHouse house;
  writeHelloOnLocal(house);
  const Ran up = house.cairn({"up"});
  ASSERT_EQ(up.code, 0) << up.all();
  expectNoRequestIsLost(house, "app/greeting.txt");

  const Ran destroyed = house.cairn({"destroy", "--project", "--yes"});
  EXPECT_EQ(destroyed.code, 0) << destroyed.all();
  EXPECT_EQ(house.leftBehind(), "");
}

}  // namespace
}  // namespace cairn::testing
