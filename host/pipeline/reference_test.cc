#include "host/pipeline/reference.h"

#include <gtest/gtest.h>

namespace cairn::host {
namespace {

TEST(Reference, IsANumberAsItIsPrinted) {
  EXPECT_EQ(readNumber("v3")->sequence, 3u);
  EXPECT_EQ(readNumber("#12")->sequence, 12u);
  EXPECT_EQ(readNumber("7")->sequence, 7u);
}

TEST(Reference, WithAVIsADeploymentsNumber) {
  EXPECT_TRUE(readNumber("v3")->isVersion);
  EXPECT_FALSE(readNumber("#3")->isVersion);
  EXPECT_FALSE(readNumber("3")->isVersion);
}

TEST(Reference, ThatIsNoNumberMayBeTheStartOfAnId) {
  for (const char* text : {"", "v", "#", "0197a3", "v3x", "-3", "#-1", "019735012", "web"})
    EXPECT_FALSE(readNumber(text)) << text;
}

}  // namespace
}  // namespace cairn::host
