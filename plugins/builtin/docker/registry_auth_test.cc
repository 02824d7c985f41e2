#include "registry_auth.h"

#include "credential_helper.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <vector>

namespace cairn::plugins::docker {
namespace {

namespace fs = std::filesystem;

class RegistryAuthTest : public testing::Test {
 protected:
  RegistryAuthTest() {
    std::string name = (fs::temp_directory_path() / "cairn-auth-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~RegistryAuthTest() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    fs::permissions(folder_ / name, fs::perms::owner_all);
  }
  // A program on PATH that answers as a credential helper would.
  void helper(const std::string& name, const std::string& script) {
    write("docker-credential-" + name, "#!/bin/sh\n" + script + "\n");
    ::setenv("PATH", (folder_.string() + ":/usr/bin:/bin").c_str(), 1);
  }

  // What stands in a header, which is base64 for URLs.
  static nlohmann::json decoded(std::string header) {
    std::replace(header.begin(), header.end(), '-', '+');
    std::replace(header.begin(), header.end(), '_', '/');
    return nlohmann::json::parse(*decodeBase64(header));
  }

  fs::path folder_;
};

TEST_F(RegistryAuthTest, ReadsTheBase64EntryOfTheRegistry) {
  write("config.json", R"({"auths":{"r.test:5000":{"auth":"dXNlcjpwYTpzcw=="}}})");
  auto auth = findRegistryAuth(folder_, "r.test:5000");
  ASSERT_TRUE(auth);
  EXPECT_EQ(auth->username, "user");
  EXPECT_EQ(auth->password, "pa:ss");
}

TEST_F(RegistryAuthTest, KnowsTheHubByItsOldAddress) {
  write("config.json", R"({"auths":{"https://index.docker.io/v1/":{"auth":"YTpi"}}})");
  EXPECT_EQ(findRegistryAuth(folder_, "docker.io")->username, "a");
}

TEST_F(RegistryAuthTest, AsksTheRegistrysOwnHelperFirst) {
  helper("own",
         R"(read server; echo "{\"ServerURL\":\"$server\",\"Username\":\"from-helper\",\"Secret\":\"s\"}")");
  write("config.json",
        R"({"credsStore":"missing","credHelpers":{"r.test":"own"},"auths":{"r.test":{"auth":"YTpi"}}})");
  auto auth = findRegistryAuth(folder_, "r.test");
  ASSERT_TRUE(auth);
  EXPECT_EQ(auth->username, "from-helper");
  EXPECT_EQ(auth->server, "r.test");
}

TEST_F(RegistryAuthTest, OutlivesAHelperThatDoesNotReadWhatItIsAsked) {
  helper("store", R"(echo '{"Username":"<token>","Secret":"t0k"}')");
  write("config.json", R"({"credsStore":"store"})");
  // More than a pipe holds, so that the helper is gone before all is written.
  EXPECT_EQ(findRegistryAuth(folder_, std::string(200'000, 'r'))->identityToken, "t0k");
}

TEST_F(RegistryAuthTest, TakesATokenFromAHelper) {
  helper("store", R"(echo '{"Username":"<token>","Secret":"t0k"}')");
  write("config.json", R"({"credsStore":"store"})");
  EXPECT_EQ(findRegistryAuth(folder_, "r.test")->identityToken, "t0k");
}

TEST_F(RegistryAuthTest, IsAnonymousWhereTheHelperKnowsNothing) {
  helper("store", "echo 'credentials not found in native keychain'; exit 1");
  write("config.json", R"({"credsStore":"store"})");
  auto auth = findRegistryAuth(folder_, "r.test");
  ASSERT_TRUE(auth);
  EXPECT_TRUE(auth->anonymous());
}

TEST_F(RegistryAuthTest, SaysWhichHelperIsMissing) {
  write("config.json", R"({"credsStore":"nowhere-to-be-found"})");
  auto auth = findRegistryAuth(folder_, "r.test");
  ASSERT_FALSE(auth);
  EXPECT_EQ(auth.error().code, "docker/credential-helper");
}

TEST_F(RegistryAuthTest, IsAnonymousWithoutAFile) {
  EXPECT_TRUE(findRegistryAuth(folder_, "r.test")->anonymous());
  EXPECT_EQ(*encodeRegistryAuth({}), "e30=");
}

TEST_F(RegistryAuthTest, ABuildKnowsAllThatTheHelpersKnowAndDoesWithoutWhatFails) {
  helper("store", R"(if [ "$1" = list ]; then echo '{"listed.test":"a"}'; exit; fi
read server; [ "$server" = listed.test ] || { echo 'credentials not found in native keychain'; exit 1; }
echo '{"Username":"from-store","Secret":"s"}')");
  helper("own", R"(echo '{"Username":"from-own","Secret":"s"}')");
  helper("broken", "echo 'no session'; exit 1");
  write("config.json", R"({"credsStore":"store","credHelpers":{"own.test":"own","broken.test":"broken"},)"
                       R"("auths":{"plain.test":{"auth":"YTpi"},"bad.test":{"auth":"%%%"}}})");
  std::vector<std::string> warnings;
  CredentialHelpers helpers(-1);
  auto header =
      encodeRegistryConfig(folder_, helpers, [&](const std::string& why) { warnings.push_back(why); });
  ASSERT_TRUE(header) << header.error().message;
  auto config = decoded(*header);
  EXPECT_EQ(config["listed.test"]["username"], "from-store");
  EXPECT_EQ(config["own.test"]["username"], "from-own");
  EXPECT_EQ(config["plain.test"]["username"], "a");
  EXPECT_EQ(config.size(), 3u) << config;
  ASSERT_EQ(warnings.size(), 2u);
  EXPECT_NE(warnings[0].find("bad.test"), std::string::npos) << warnings[0];
  EXPECT_NE(warnings[1].find("broken.test"), std::string::npos) << warnings[1];
}

TEST_F(RegistryAuthTest, AHelperThatHangsEndsWithTheCall) {
  helper("store", "exec sleep 600");
  write("config.json", R"({"credsStore":"store"})");
  const int timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  const itimerspec soon{{}, {0, 200'000'000}};
  ::timerfd_settime(timer, 0, &soon, nullptr);
  auto auth = findRegistryAuth(folder_, "r.test", timer);
  ::close(timer);
  ASSERT_FALSE(auth);
  EXPECT_EQ(auth.error().kind, ErrorKind::Cancelled);
}

TEST_F(RegistryAuthTest, AHelperIsInThePluginsGroupAndEndsWithIt) {
  helper("store",
         R"(group=$(cut -d' ' -f5 /proc/$$/stat); echo "{\"Username\":\"$group\",\"Secret\":\"s\"}")");
  write("config.json", R"({"credsStore":"store"})");
  auto auth = findRegistryAuth(folder_, "r.test");
  ASSERT_TRUE(auth) << auth.error().message;
  EXPECT_EQ(auth->username, std::to_string(::getpgrp()));
}

TEST_F(RegistryAuthTest, AHelperThatHangsIsAskedOnceAndTheBuildDoesWithoutIt) {
  helper("hangs", "echo $1 >> " + folder_.string() + "/asked; exec sleep 600");
  write("config.json", R"({"credsStore":"hangs","credHelpers":{"d.test":"none"},)"
                       R"("auths":{"a.test":{},"b.test":{},"c.test":{}}})");
  std::vector<std::string> warnings;
  CredentialHelpers helpers(-1, {.each = std::chrono::milliseconds(500), .all = std::chrono::hours(1)});
  auto header =
      encodeRegistryConfig(folder_, helpers, [&](const std::string& why) { warnings.push_back(why); });
  ASSERT_TRUE(header) << header.error().message;
  std::ifstream file(folder_ / "asked");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}).find("get"), std::string::npos);
  ASSERT_EQ(warnings.size(), 5u);
  EXPECT_NE(warnings[0].find("did not answer in 1 seconds"), std::string::npos) << warnings[0];
  EXPECT_NE(warnings[1].find("is not asked again"), std::string::npos) << warnings[1];
  EXPECT_NE(warnings[4].find("can't be started"), std::string::npos) << warnings[4];
}

TEST_F(RegistryAuthTest, AllHelpersOfABuildHaveOneLimit) {
  for (const char* name : {"first", "second"})
    helper(name, "echo " + std::string(name) + " >> " + folder_.string() + "/asked; exec sleep 600");
  write("config.json", R"({"credHelpers":{"a.test":"first","b.test":"second"}})");
  std::vector<std::string> warnings;
  const std::chrono::milliseconds soon(500);
  CredentialHelpers helpers(-1, {.each = soon, .all = soon});
  auto header =
      encodeRegistryConfig(folder_, helpers, [&](const std::string& why) { warnings.push_back(why); });
  ASSERT_TRUE(header) << header.error().message;
  std::ifstream file(folder_ / "asked");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}).find("second"), std::string::npos);
  ASSERT_EQ(warnings.size(), 2u);
  EXPECT_NE(warnings[1].find("is not asked: helpers took"), std::string::npos) << warnings[1];
}

TEST_F(RegistryAuthTest, APasswordThatIsNoUtf8IsAnErrorAndNoCrash) {
  auto header = encodeRegistryAuth({"user", "\xff", {}, "r.test"});
  ASSERT_FALSE(header);
  EXPECT_EQ(header.error().code, "docker/not-utf8");
  EXPECT_NE(header.error().message.find("/password"), std::string::npos) << header.error().message;
}

TEST_F(RegistryAuthTest, EncodesForAHeaderWithPaddingAndUrlLetters) {
  EXPECT_EQ(encodeBase64Url("\xfb\xff\xfe?"), "-__-Pw==");
  EXPECT_EQ(*decodeBase64("YTpi"), "a:b");
}

}  // namespace
}  // namespace cairn::plugins::docker
