#include "host/project/decode_settings.h"
#include "host/project/resolve_settings.h"
#include "host/project/settings_schema.h"
#include "host/project/test_words.h"
#include "host/project/toml_reader.h"

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <sample.capnp.h>

namespace cairn::host {
namespace {

struct Decode : testing::Test {
  Result<DecodedSettings, Errors> decode(const std::string& toml, bool mayBeUnknown = false) {
    auto tree = readToml(toml, "cairn.toml");
    EXPECT_TRUE(tree);
    Scope scope;
    scope.variables["key"] = {{.value = "hunter2", .secret = true}, true, ""};
    scope.variables["keys"] = {
        {.value = Datum::Map{{"name", {.value = "n"}}, {"path", {.value = "hunter2"}}}, .secret = true},
        true,
        ""};
    scope.outputs["artifact"] = Datum::unknown();
    capnp::MallocMessageBuilder planned, literal;
    auto table = planned.initRoot<wire::Setting>();
    auto resolved = resolveSettings(*tree, scope, table);
    if (!resolved) return std::move(resolved).error();
    DecodeOptions options{.pathPrefix = "app.web.deploy",
                          .file = "cairn.toml",
                          .owner = "platform sample",
                          .appPath = "/p/web",
                          .projectPath = "/p",
                          .written = &*tree,
                          .mayBeUnknown = mayBeUnknown,
                          .leaveSecretsOut = leaveSecretsOut};
    if (mayBeUnknown) return decodeSettings(table, capnp::Schema::from<sample::Settings>(), options);
    auto out = literal.initRoot<wire::Setting>();
    EXPECT_TRUE(resolveAtRun(table.asReader(), scope, out));
    return decodeSettings(out, capnp::Schema::from<sample::Settings>(), options);
  }
  std::string errorsOf(const std::string& toml) {
    auto decoded = decode(toml);
    return decoded ? "decoded" : told(decoded.error());
  }
  static sample::Settings::Reader read(const DecodedSettings& decoded) {
    static thread_local std::unique_ptr<capnp::SegmentArrayMessageReader> reader;
    static thread_local kj::ArrayPtr<const capnp::word> segment;
    segment = decoded.words.asPtr();
    reader = std::make_unique<capnp::SegmentArrayMessageReader>(kj::arrayPtr(&segment, 1));
    return reader->getRoot<sample::Settings>();
  }
  bool leaveSecretsOut = false;
};

TEST_F(Decode, TakesEveryKindOfSetting) {
  auto decoded = decode(R"(image = "web"
port = 80
drain_timeout = "1m30s"
memory = "512MiB"
env = { A = "1", B = "2" }
policy = "if-newer"
context = "sub/../dir"
raw = { a = [1, 2] }
probe = { path = "/", retries = -1 }
mounts = [{ name = "m", target = "/t" }]
source = { url = "http://x" }
args = ["a", "b"]
cpus = 1
)");
  ASSERT_TRUE(decoded) << told(decoded.error());
  auto settings = read(*decoded);
  EXPECT_EQ(settings.getPort(), 80);
  EXPECT_EQ(settings.getDrainTimeoutMs(), 90000u);
  EXPECT_EQ(settings.getMemoryBytes(), 512u << 20);
  EXPECT_STREQ(settings.getEnv()[1].getValue().cStr(), "2");
  EXPECT_EQ(settings.getPolicy(), sample::Settings::Policy::IF_NEWER);
  EXPECT_STREQ(settings.getContext().cStr(), "/p/web/dir");
  EXPECT_STREQ(settings.getRaw().cStr(), R"({"a":[1,2]})");
  EXPECT_EQ(settings.getProbe().getRetries(), -1);
  EXPECT_STREQ(settings.getMounts()[0].getTarget().cStr(), "/t");
  EXPECT_TRUE(settings.getSource().isUrl());
  EXPECT_EQ(settings.getArgs().size(), 2u);
  EXPECT_EQ(settings.getCpus(), 1.0);
}

TEST_F(Decode, KeepsDefaultsAndSaysWhatWasWritten) {
  auto decoded = decode("image = \"x\"\n");
  ASSERT_TRUE(decoded);
  EXPECT_EQ(read(*decoded).getPort(), 8080);
  EXPECT_EQ(decoded->written, std::vector<std::string>{"image"});
}

TEST_F(Decode, ARequiredSettingThatIsMistypedIsOneMistake) {
  EXPECT_EQ(errorsOf("imge = \"x\"\n"),
            "1:1 unknown-key: the platform sample has no setting 'imge' | did you mean 'image'?\n");
  EXPECT_NE(errorsOf("nothing_like_it = \"x\"\n").find("missing-setting: 'app.web.deploy.image'"),
            std::string::npos);
}

TEST_F(Decode, ARequiredSettingThatIsEmptyIsAsGoodAsMissing) {
  EXPECT_NE(errorsOf("image = \"\"\n").find("1:9 missing-setting: 'app.web.deploy.image' is empty"),
            std::string::npos)
      << errorsOf("image = \"\"\n");
}

TEST_F(Decode, TellsAllMistakesInTheFilesOrder) {
  EXPECT_EQ(
      errorsOf(
          "imge = \"x\"\nport = 70000\ndrain_timeout = \"soon\"\nmemory = \"1 lot\"\npolicy = \"alwys\"\n"
          "context = \"../../x\"\nsource = { url = \"a\", archive = \"b\" }\nargs = \"a\"\nflag = 1\n"),
      "1:1 unknown-key: the platform sample has no setting 'imge' | did you mean 'image'?\n"
      "2:8 out-of-range: 'app.web.deploy.port' is 70000, but must be from 0 to 65535\n"
      "3:17 bad-duration: 'app.web.deploy.drain_timeout' is \"soon\", which is no duration | write it as "
      "\"1m30s\" or \"500ms\"\n"
      "4:10 bad-size: 'app.web.deploy.memory' is \"1 lot\", which is no size | write it as \"512MiB\" or "
      "\"2GB\"\n"
      "5:10 unknown-choice: 'app.web.deploy.policy' can't be \"alwys\" | did you mean 'always'?\n"
      "6:11 outside-project: 'app.web.deploy.context' leads out of the project's folder: \"../../x\" | write "
      "an absolute path if that is meant\n"
      "7:33 one-of: only one of 'url' and 'archive' can be set | take one of them out\n"
      "8:8 wrong-type: 'app.web.deploy.args' is a string, but a list of strings is wanted | write a list: [\"a\"]\n"
      "9:8 wrong-type: 'app.web.deploy.flag' is a whole number, but true or false is wanted\n");
}

TEST_F(Decode, LetsUnknownValuesStandWhenPlanning) {
  auto decoded = decode("image = \"${artifact.name}\"\n", true);
  ASSERT_TRUE(decoded) << told(decoded.error());
  EXPECT_EQ(decoded->unknown, std::vector<std::string>{"image"});
}

TEST_F(Decode, NamesSecretsByAnnotationAndByTaint) {
  auto decoded = decode("image = \"x\"\npassword = \"p\"\nenv = { A = \"1\", KEY = \"${var.key}\" }\n");
  ASSERT_TRUE(decoded) << told(decoded.error());
  EXPECT_EQ(decoded->secret, (std::vector<std::string>{"password", "env.KEY"}));
}

TEST_F(Decode, LeavesSecretsOutOfWhatIsRecorded) {
  leaveSecretsOut = true;
  auto decoded = decode("image = \"x\"\npassword = \"p\"\nenv = { A = \"1\", KEY = \"${var.key}\" }\n");
  ASSERT_TRUE(decoded);
  EXPECT_FALSE(read(*decoded).hasPassword());
  EXPECT_STREQ(read(*decoded).getEnv()[1].getValue().cStr(), "");
}

TEST_F(Decode, WarnsOfDeprecatedSettings) {
  auto decoded = decode("image = \"x\"\nold_name = \"y\"\n");
  ASSERT_TRUE(decoded);
  EXPECT_EQ(told(decoded->warnings),
            "2:12 deprecated-setting: 'app.web.deploy.old_name' is deprecated: write image\n");
}

TEST(SettingsSchema, RefusesNamesOfTheHost) {
  auto checked = checkSettingsSchema(capnp::Schema::from<sample::Reserved>());
  ASSERT_FALSE(checked);
  EXPECT_EQ(told(checked.error()),
            "reserved-setting: the setting 'use' has a name that belongs to the host | the plugin must give "
            "it another name\n"
            "reserved-setting: the setting 'hook' has a name that belongs to the host | the plugin must give "
            "it another name\n");
}

TEST(SettingsSchema, RefusesAnnotationsThatDontFit) {
  auto checked = checkSettingsSchema(capnp::Schema::from<sample::Unfit>());
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().size(), 3u);
  EXPECT_TRUE(checkSettingsSchema(capnp::Schema::from<sample::Settings>()));
}

TEST(SettingsSchema, DescribesEachSetting) {
  const auto docs = describeSettings(capnp::Schema::from<sample::Settings>());
  std::map<std::string, std::string> types, defaults;
  for (const SettingDoc& doc : docs) {
    types[doc.name] = doc.type;
    defaults[doc.name] = doc.defaultText;
  }
  EXPECT_EQ(types["drain_timeout"], "duration");
  EXPECT_EQ(defaults["drain_timeout"], "\"30s\"");
  EXPECT_EQ(types["policy"], "one of missing, always, if-newer");
  EXPECT_EQ(types["env"], "table of strings");
  EXPECT_EQ(types["probe.path"], "string");
  EXPECT_EQ(types["mounts[].name"], "string");
  EXPECT_EQ(types["source.url"], "string");
  EXPECT_EQ(defaults["port"], "8080");
}

TEST_F(Decode, RefusesASecretWhereTheSchemaSaysNothingOfOne) {
  EXPECT_EQ(
      errorsOf("image = \"web\"\nargs = [\"--key\", \"${var.key}\"]\npassword = \"${var.key}\"\n"),
      "2:18 secret-in-setting: 'app.web.deploy.args[1]' can't hold a secret: it would be shown or stored | "
      "settings of the platform sample that may hold one: env, password\n");
}

TEST_F(Decode, RefusesASecretThatIsAWholeTable) {
  EXPECT_NE(errorsOf("image = \"web\"\nprobe = \"${var.keys}\"\n").find("secret-in-setting"),
            std::string::npos);
  EXPECT_NE(errorsOf("image = \"web\"\nmounts = [\"${var.keys}\"]\n").find("secret-in-setting"),
            std::string::npos);
}

TEST_F(Decode, RefusesASecretBeforeItsValueIsKnown) {
  auto decoded = decode("image = \"${concat(var.key, artifact.x)}\"\n", true);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error()[0].code, "secret-in-setting");
}

TEST_F(Decode, LeavesEachPartOfASecretTableOut) {
  leaveSecretsOut = true;
  auto decoded = decode("image = \"web\"\nenv = \"${var.keys}\"\n");
  ASSERT_TRUE(decoded) << told(decoded.error());
  EXPECT_EQ(decoded->secret, (std::vector<std::string>{"env.name", "env.path"}));
  for (auto variable : read(*decoded).getEnv()) EXPECT_FALSE(variable.hasValue());
}

}  // namespace
}  // namespace cairn::host
