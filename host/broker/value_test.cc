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

// A value as a plugin may send it: the first segment as it lies in memory. `written` texts are set one after
// the other, and each leaves a hole behind.
Result<Value> sent(std::initializer_list<kj::StringPtr> written) {
  capnp::MallocMessageBuilder content(4096);
  auto root = content.initRoot<wire::Diagnostic>();
  for (auto text : written) root.setMessage(text);
  capnp::MallocMessageBuilder message;
  auto value = message.initRoot<wire::Value>();
  value.setTypeId(capnp::typeId<wire::Diagnostic>());
  value.setTypeName("test.Diagnostic");
  value.setContent(content.getSegmentsForOutput()[0].asBytes());
  return readValue(value);
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

TEST(Value, EqualOnesHaveEqualDigestsHoweverTheyWereLaidOut) {
  auto straight = sent({"in the end"}), holed = sent({"another", "and one more", "in the end"});
  ASSERT_TRUE(straight && holed);
  EXPECT_EQ(straight->digest(), holed->digest());
  EXPECT_STREQ(ValueReader(*holed).as<wire::Diagnostic>().getMessage().cStr(), "in the end");
  EXPECT_NE(straight->digest(), sent({"other"})->digest());
}

}  // namespace
}  // namespace cairn::host
