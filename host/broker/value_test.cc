#include "host/broker/value.h"

#include <cairn/types.capnp.h>

#include <capnp/message.h>
#include <gtest/gtest.h>

#include <string_view>

namespace cairn::host {
namespace {

Value facts() {
  capnp::MallocMessageBuilder message;
  message.initRoot<wire::GitFacts>().setBranch("main-line");
  return makeValue<wire::GitFacts>(message.getRoot<wire::GitFacts>().asReader(), "test.Facts");
}

TEST(CheckValue, IsContentWithAValueThatIsWhole) {
  EXPECT_TRUE(checkValue(facts(), capnp::Schema::from<wire::GitFacts>()));
}

TEST(CheckValue, FindsATextThatDoesNotEnd) {
  Value value = facts();
  auto* bytes = reinterpret_cast<char*>(value.words.data());
  bytes[std::string_view(bytes, value.sizeBytes()).find("main-line") + 9] = 'x';
  auto refused = checkValue(value, capnp::Schema::from<wire::GitFacts>());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "value-garbage");
}

}  // namespace
}  // namespace cairn::host
