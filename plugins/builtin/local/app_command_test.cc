#include "app_command.h"

#include "test_support.h"

namespace cairn::plugins::local {
namespace {

std::string codeOf(const Result<std::string>& result) {
  return result ? "" : result.error().code;
}

TEST(ResolveProgram, LooksForARelativePathInTheAppsFiles) {
  const TestFolder files;
  files.write("bin/server", "", true);
  EXPECT_EQ(resolveProgram("./bin/server", files.path(), "/bin").value(),
            (files.path() / "bin/server").string());
}

TEST(ResolveProgram, LooksForAPlainNameInPathOnly) {
  const TestFolder files, path;
  files.write("server", "", true);
  path.write("tool", "", true);
  EXPECT_EQ(resolveProgram("tool", files.path(), path.path()).value(), (path.path() / "tool").string());
  const auto refused = resolveProgram("server", files.path(), path.path());
  EXPECT_EQ(codeOf(refused), "local/command-not-found");
  EXPECT_NE(refused.error().hint.find("\"./server\""), std::string::npos);
}

TEST(ResolveProgram, TellsAFileThatIsNotExecutableFromOneThatIsMissing) {
  const TestFolder files;
  files.write("server", "");
  EXPECT_NE(resolveProgram("./server", files.path(), "").error().message.find("not executable"),
            std::string::npos);
  EXPECT_NE(resolveProgram("./other", files.path(), "").error().message.find("no program"),
            std::string::npos);
  EXPECT_EQ(codeOf(resolveProgram("", files.path(), "")), "local/command-not-found");
}

TEST(AppEnvironment, TheHostsValueWinsOverTheSettingsAndPortIsThePlatforms) {
  Owned<wire::PlatformSettings> settings;
  auto env = settings->initEnv(1);
  env[0].setName("API");
  env[0].setValue("settings");
  Owned<cairn::wire::DeploymentConfig> config;
  auto given = config->initEnv(2);
  given[0].setName("API");
  given[0].setValue("host");
  given[1].setName("PORT");
  given[1].setValue("1");
  const std::string bytes = environmentBytes(appEnvironment(settings.reader(), config.reader(), 4000));
  EXPECT_NE(bytes.find(std::string("API=host\0", 9)), std::string::npos);
  EXPECT_NE(bytes.find(std::string("PORT=4000\0", 10)), std::string::npos);
}

}  // namespace
}  // namespace cairn::plugins::local
