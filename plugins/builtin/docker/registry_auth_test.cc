#include "registry_auth.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <fstream>

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
  EXPECT_EQ(encodeRegistryAuth({}), "e30=");
}

TEST_F(RegistryAuthTest, EncodesForAHeaderWithPaddingAndUrlLetters) {
  EXPECT_EQ(encodeBase64Url("\xfb\xff\xfe?"), "-__-Pw==");
  EXPECT_EQ(*decodeBase64("YTpi"), "a:b");
}

}  // namespace
}  // namespace cairn::plugins::docker
