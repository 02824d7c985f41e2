#include "host/store/id.h"

#include "host/store/store_fixture.h"

#include <regex>
#include <set>

namespace cairn::host {
namespace {

TEST(Id, IsAVersion7UuidOfItsTime) {
  HandClock clock;
  clock.ms = 0x018bcfe56800 +
             int64_t{1} * 1000 * 3600 * 24 * 365 * 100;  // later than any other test's, ids only go forward
  std::string id = newId(clock);
  EXPECT_TRUE(
      std::regex_match(id, std::regex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")))
      << id;
  int64_t ms = strtoll((id.substr(0, 8) + id.substr(9, 4)).c_str(), nullptr, 16);
  EXPECT_EQ(clock.ms, ms);
}

TEST(Id, GrowsWhileTheClockStandsStillOrGoesBack) {
  HandClock clock;
  std::string last = newId(clock);
  for (int i = 0; i < 10'000; ++i) {
    if (i == 5'000) clock.ms -= 60'000;
    std::string next = newId(clock);
    ASSERT_LT(last, next) << i;
    last = next;
  }
}

}  // namespace
}  // namespace cairn::host
