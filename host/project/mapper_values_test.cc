// The fields of `set` and the words of `run`, against the schemas of real types.

#include "host/project/mapper_values.h"
#include "host/project/test_words.h"

#include <cairn/types.capnp.h>

#include <capnp/message.h>
#include <sample.capnp.h>

#include <memory>

namespace cairn::host {
namespace {

struct MapperValues : testing::Test {
  MapperValues() {
    scope.variables["key"] = {{.value = "hunter2", .secret = true}, true, ""};
    scope.variables["team"] = {{.value = "core"}, false, ""};
    auto root = image->initRoot<wire::OciImage>();
    root.setReference("example.test/web");
    root.setDigest("sha256:abc");
    probe->initRoot<sample::Probe>().setRetries(3);
  }
  MapperDeclaration declare(const std::string& what, const std::string& inputs = "from = \"oci.Image\"") {
    folder.write("cairn.toml",
                 "project = \"p\"\n[app.a.deploy]\nuse = \"null\"\n[variables.key]\nsecret = true\n"
                 "[variables.team]\n[[mapper]]\nname = \"m\"\n" +
                     inputs + "\nto = \"sample.Settings\"\n" + what + "\n");
    auto project = loadFrom(folder);
    EXPECT_TRUE(project) << told(project.error());
    if (!project) return {};
    source = project->source;
    scope.source = &source;
    return project->mappers.at(0);
  }
  InputSchemas schemas(const MapperDeclaration& mapper) {
    InputSchemas out = {capnp::Schema::from<wire::OciImage>()};
    if (mapper.inputs.size() > 1) out.push_back(capnp::Schema::from<sample::Probe>());
    return out;
  }
  InputValues values(const MapperDeclaration& mapper) {
    InputValues out = {image->getRoot<wire::OciImage>().asReader()};
    if (mapper.inputs.size() > 1) out.push_back(probe->getRoot<sample::Probe>().asReader());
    return out;
  }
  std::string check(const std::string& what, const std::string& inputs = "from = \"oci.Image\"") {
    const auto mapper = declare(what, inputs);
    return told(checkMapperTypes(mapper, schemas(mapper), capnp::Schema::from<sample::Settings>(), scope));
  }
  TempFolder folder;
  std::string source;
  Scope scope;
  // By pointer: their destructors may throw.
  std::unique_ptr<capnp::MallocMessageBuilder> image = std::make_unique<capnp::MallocMessageBuilder>();
  std::unique_ptr<capnp::MallocMessageBuilder> probe = std::make_unique<capnp::MallocMessageBuilder>();
};

const char* const kTwo = "inputs = { image = \"oci.Image\", probe = \"sample.Probe\" }";

TEST_F(MapperValues, SetTheFieldsOfTheOutput) {
  const auto mapper = declare(
      "set = { image = \"${input.image.reference}@${input.image.digest}\", "
      "probe = { retries = \"${input.probe.retries}\" }, args = [\"${var.team}\"] }",
      kTwo);
  EXPECT_EQ(told(checkMapperTypes(mapper, schemas(mapper), capnp::Schema::from<sample::Settings>(), scope)),
            "");
  const auto made = evaluateSet(mapper, values(mapper), capnp::Schema::from<sample::Settings>(), scope);
  ASSERT_TRUE(made) << told(made.error());
  kj::ArrayPtr<const capnp::word> segment = made->words;
  capnp::SegmentArrayMessageReader reader(kj::arrayPtr(&segment, 1));
  auto out = reader.getRoot<sample::Settings>();
  EXPECT_STREQ(out.getImage().cStr(), "example.test/web@sha256:abc");
  EXPECT_EQ(out.getProbe().getRetries(), 3);
  EXPECT_STREQ(out.getArgs()[0].cStr(), "core");
}

TEST_F(MapperValues, TellFieldsThatNeitherSideHas) {
  EXPECT_EQ(check("set = { image = \"${input.refrence}\", probe = { retries = \"${input.digest.x}\" } }"),
            "11:26 unknown-field: OciImage has no field 'refrence' | did you mean 'reference'?\n"
            "11:74 unknown-field: 'x' is asked of what is a string, which has no parts\n");
  EXPECT_EQ(check("set = { image = \"a\", imge = \"b\", port = true }"),
            "11:22 unknown-key: the type sample.Settings has no field 'imge' | did you mean 'image'?\n"
            "11:41 wrong-type: 'mapper.m.set.port' is a bool, but a whole number is wanted\n");
}

TEST_F(MapperValues, TellAnInputThatDoesNotFitItsField) {
  EXPECT_EQ(
      check("set = { image = \"${input.probe.retries}\", port = \"${input.image.digest}\", "
            "cpus = \"${input.probe.retries}\" }",
            kTwo),
      "11:17 wrong-type: 'mapper.m.set.image' is a whole number by its input, but a string is wanted | make "
      "it text: ${string(…)}\n"
      "11:50 wrong-type: 'mapper.m.set.port' is a string by its input, but a whole number is wanted\n");
}

TEST_F(MapperValues, TellARequiredFieldThatIsNotSet) {
  const std::string text = check("set = { port = 80 }");
  EXPECT_NE(text.find("missing-setting: 'mapper.m.set.image' must be set"), std::string::npos) << text;
}

TEST_F(MapperValues, MakeACommandOfTheInputs) {
  const auto mapper = declare("run = [\"scan\", \"${input.reference}\", \"--team=${var.team}\"]");
  EXPECT_EQ(told(checkMapperTypes(mapper, schemas(mapper), capnp::Schema::from<wire::OciImage>(), scope)),
            "");
  const auto words = commandOf(mapper, values(mapper), scope);
  ASSERT_TRUE(words) << told(words.error());
  EXPECT_EQ(*words, (std::vector<std::string>{"scan", "example.test/web", "--team=core"}));
}

TEST_F(MapperValues, TellAFieldThatACommandAsksForInVain) {
  EXPECT_EQ(check("run = [\"scan\", \"${upper(input.digst)}\"]"),
            "11:31 unknown-field: OciImage has no field 'digst' | did you mean 'digest'?\n");
}

TEST_F(MapperValues, HoldNoSecretHoweverItGetsIn) {
  auto mapper = declare("run = [\"scan\", \"${join(',', values(var))}\"]");
  auto words = commandOf(mapper, values(mapper), scope);
  ASSERT_FALSE(words);
  EXPECT_EQ(words.error()[0].code, "secret-in-arguments");
  EXPECT_NE(check("run = [\"scan\", \"${join(',', values(var))}\"]").find("secret-in-arguments"),
            std::string::npos);
  EXPECT_NE(check("set = { image = \"${join(',', values(var))}\" }").find("secret-in-value"),
            std::string::npos);
}

TEST_F(MapperValues, PutNoZeroByteIntoAnArgument) {
  image->getRoot<wire::OciImage>().setDigest(capnp::Text::Reader("a\0b", 3));
  const auto mapper = declare("run = [\"scan\", \"${input.digest}\"]");
  const auto words = commandOf(mapper, values(mapper), scope);
  ASSERT_FALSE(words);
  EXPECT_EQ(words.error()[0].code, "bad-value");
}

}  // namespace
}  // namespace cairn::host
