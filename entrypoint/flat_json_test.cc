#include "entrypoint/flat_json.h"

#include <gtest/gtest.h>

namespace cairn::entrypoint {
namespace {

TEST(FlatJson, WritesWhatItReads) {
  const std::string line =
      R"({"ok":true,"none":null,"pid":-42,"name":"a\"b\\c\u000ad","argv":["sh","-c",""]})";
  EXPECT_EQ(FlatJson::parse(line).value().line(), line);
}

TEST(FlatJson, ReadsEscapesAndSurrogatePairs) {
  EXPECT_EQ(FlatJson::parse(R"( {"x" : "\u00e9\ud83d\ude00\t\/"} )").value().findText("x"), "é😀\t/");
}

TEST(FlatJson, SettingAKeyAgainReplacesItsValue) {
  FlatJson message;
  message.setNumber("n", 1).setText("n", "two");
  EXPECT_EQ(message.line(), R"({"n":"two"})");
}

TEST(FlatJson, AnotherKindOfValueIsNotFound) {
  EXPECT_FALSE(FlatJson::parse(R"({"n":1})").value().findText("n"));
}

TEST(FlatJson, RefusesWhatIsNotOnePlainObject) {
  for (const char* bad :
       {"", "{", "[]", "{}x", R"({"a"})", R"({"a":1.5})", R"({"a":{}})", R"({"a":[1]})", R"({"a":"\x"})",
        R"({"a":"\u12"})", "{\"a\":\"\n\"}", R"({"a":1,})", R"({"a":nul})"})
    EXPECT_FALSE(FlatJson::parse(bad)) << bad;
}

}  // namespace
}  // namespace cairn::entrypoint
