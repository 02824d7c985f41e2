// What a stage returned, as expressions see it.

#include "host/project/decode_settings.h"
#include "host/project/test_words.h"

#include <capnp/message.h>
#include <sample.capnp.h>

namespace cairn::host {
namespace {

std::string seen(capnp::DynamicStruct::Reader value) {
  return toJson(datumOf(value));
}

TEST(OutputDatum, OfATypeThatHoldsItselfEndsWhereTheValueEnds) {
  capnp::MallocMessageBuilder message;
  auto node = message.initRoot<sample::Node>();
  node.setText("first");
  node.initNext().setText("second");
  EXPECT_EQ(seen(node.asReader()), R"({"next":{"next":null,"text":"second"},"text":"first"})");
}

TEST(OutputDatum, HasTextsAndListsThatWereNotSetAsEmptyOnes) {
  capnp::MallocMessageBuilder message;
  const auto datum = datumOf(message.initRoot<sample::Settings>().asReader());
  EXPECT_EQ(toJson(datum.map()->at("image")), R"("")");
  EXPECT_EQ(toJson(datum.map()->at("args")), "[]");
  EXPECT_EQ(toJson(datum.map()->at("probe")), "null");
}

}  // namespace
}  // namespace cairn::host
