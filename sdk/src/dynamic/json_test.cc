#include <cairn/dynamic/json.h>

#include <cairn/dynamic/schema_set.h>
#include <cairn/manifest.capnp.h>
#include <cairn/owned.h>
#include <cairn/plan.capnp.h>
#include <cairn/types.capnp.h>

#include <gtest/gtest.h>

namespace cairn {
namespace {

template <typename T>
Result<DynamicValueHolder> read(const char* json) {
  return fromJson(json, capnp::Schema::from<T>());
}

template <typename T>
std::string throughJson(const Owned<T>& value) {
  auto back = fromJson(toJson(value.reader()), capnp::Schema::from<T>());
  return back ? kj::str(back->reader().template as<T>()).cStr()
              : back.error().message + " at " + back.error().settingPath;
}

TEST(Json, KeepsNumbersThatADoubleCannotHold) {
  Owned<wire::Manifest::Type> type;
  type->setId(0xffff'ffff'ffff'fff1);
  EXPECT_NE(toJson(type.reader()).find("\"18446744073709551601\""), std::string::npos);
  EXPECT_EQ(throughJson(type), kj::str(type.reader()).cStr());
}

TEST(Json, KeepsBytesQuotesAndControlCharacters) {
  Owned<wire::Manifest::Type> type;
  kj::byte bytes[] = {0, 255, 7};
  type->setDigest(kj::arrayPtr(bytes, 3));
  type->setName("a\"b\\c\n\x01 ü");
  EXPECT_EQ(throughJson(type), kj::str(type.reader()).cStr());
}

TEST(Json, KeepsSchemaNodesWithTheirPointers) {
  Owned<wire::Manifest> manifest;
  auto nodes = manifest->initSchemaNodes(1);
  nodes.setWithCaveats(0, capnp::Schema::from<wire::Manifest::Mapper>().getProto());
  EXPECT_EQ(throughJson(manifest), kj::str(manifest.reader()).cStr());
}

TEST(Json, KeepsWhichMemberOfAUnionIsSet) {
  Owned<wire::Setting> setting;
  setting->setBool(false);
  EXPECT_EQ(throughJson(setting), kj::str(setting.reader()).cStr());
}

TEST(Json, KeepsNegativeNumbersToTheLast) {
  Owned<wire::Setting> setting;
  setting->setInteger(INT64_MIN);
  EXPECT_EQ(throughJson(setting), kj::str(setting.reader()).cStr());
}

TEST(Json, UnknownFieldIsRefusedWithItsPath) {
  auto result = read<wire::Manifest>(R"({"mappers":[{"name":"a"},{"price":1}]})");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "json-unknown-field");
  EXPECT_EQ(result.error().settingPath, "mappers[1].price");
  EXPECT_NE(result.error().hint.find("its fields: name, "), std::string::npos) << result.error().hint;
}

TEST(Json, AFieldInTheSpellingOfTheFileIsToldInThatOfTheSchema) {
  auto result = read<wire::Manifest>(R"({"schema_nodes":[]})");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().hint, "did you mean \"schemaNodes\"?");
}

TEST(Json, TwoMembersOfAUnionAreRefused) {
  auto result = read<wire::Setting>(R"({"bool":true,"text":"x"})");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "json-two-members");
}

TEST(Json, NumberThatDoesNotFitIsRefused) {
  auto result = read<wire::Manifest::Mapper>(R"({"cost":4294967296})");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "json-out-of-range");
}

TEST(Json, ValueOfAnotherTypeIsRefusedWithWhatWasExpected) {
  auto result = read<wire::Manifest::Mapper>(R"({"cost":"much"})");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "json-wrong-type");
  EXPECT_EQ(result.error().settingPath, "cost");
}

TEST(Json, UnknownChoiceIsRefusedWithTheKnownOnes) {
  auto result = read<wire::Manifest::Mapper>(R"({"effects":"magic"})");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "expected one of pure, idempotent, effectful");
}

TEST(Json, MissingFieldsAreReadAsDefaults) {
  auto result = read<wire::Manifest::Mapper>("{}");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->reader().as<wire::Manifest::Mapper>().getCost(), 100u);
}

TEST(Json, TextThatIsNotJsonSaysWhere) {
  auto result = read<wire::Manifest>("{\"name\": }");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "json-syntax");
  EXPECT_NE(result.error().message.find("line 1, column 10"), std::string::npos) << result.error().message;
}

TEST(SchemaSet, FindsATypeByNameAndById) {
  Owned<wire::Manifest> manifest;
  auto nodes = manifest->initSchemaNodes(1);
  nodes.setWithCaveats(0, capnp::Schema::from<wire::Url>().getProto());
  SchemaSet schemas(manifest.reader().getSchemaNodes());

  auto byName = schemas.find("cairn.Url");
  auto byId = schemas.get(capnp::typeId<wire::Url>());

  ASSERT_TRUE(byName && byId);
  EXPECT_TRUE(*byName == *byId);
  EXPECT_EQ(schemas.typeNames(), std::vector<std::string>{"cairn.Url"});
}

TEST(SchemaSet, UnknownIdIsAnError) {
  SchemaSet schemas({});
  auto missing = schemas.get(1);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, "schema-unknown");
}

}  // namespace
}  // namespace cairn
