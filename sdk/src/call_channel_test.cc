#include "sdk/src/call_channel.h"

#include <gtest/gtest.h>
#include <kj/debug.h>

namespace cairn::detail {
namespace {

TEST(CallChannel, SaysThatTheHostIsGoneWhenTheChannelBroke) {
  EXPECT_EQ(errorFrom(KJ_EXCEPTION(DISCONNECTED, "Peer disconnected.")).code, "host-gone");
}

TEST(CallChannel, TellsAUseAfterTheEndOfTheCallFromARefusal) {
  EXPECT_EQ(errorFrom(KJ_EXCEPTION(FAILED, "remote exception: revoked: the build of web has ended")).code,
            "call-ended");
  EXPECT_EQ(errorFrom(KJ_EXCEPTION(FAILED, "remote exception: the disk is full")).code, "host-refused");
}

TEST(CallChannel, GivesTheHostsWordsWithoutThePrefixesOfTheWay) {
  EXPECT_EQ(errorFrom(KJ_EXCEPTION(FAILED, "remote exception: remote exception: the disk is full")).message,
            "the disk is full");
}

}  // namespace
}  // namespace cairn::detail
