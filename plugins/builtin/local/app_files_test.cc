#include "app_files.h"

#include "test_support.h"

#include <signal.h>

#include <fstream>

namespace cairn::plugins::local {
namespace {

namespace fs = std::filesystem;

std::string contentOf(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class LocalAppFiles : public LocalTest {
 protected:
  static fs::path folderOf(const Owned<wire::Deployment>& deployment) {
    return deployment.reader().getFolder().cStr();
  }
  Result<Owned<wire::Deployment>> deployValue(const Owned<cairn::wire::FilesDirectory>& files) {
    return harness_.call(Op::DEPLOY)
        .settings(running({"./hello-server"}))
        .input(files)
        .input(config(1))
        .journal(journalOf(1))
        .result<wire::Deployment>();
  }
  bool nothingLeft() const {
    for (const auto& entry : harness_.record().resources)
      if (!entry.removed) return false;
    return !fs::exists(harness_.dataDir() / "apps") || fs::is_empty(harness_.dataDir() / "apps");
  }
};

TEST_F(LocalAppFiles, WhatAnAppWritesIsNotInWhatWasBuilt) {
  const auto built = filesValue();
  const auto deployment =
      deploy(runningScript("echo more >written; echo other >greeting.txt; exec ./hello-server")).value();
  EXPECT_EQ(contentOf(folderOf(deployment) / "written"), "more\n");
  EXPECT_FALSE(fs::exists(files_.path() / "written"));
  EXPECT_EQ(contentOf(files_.path() / "greeting.txt"), "hello 1\n");
  EXPECT_STREQ(filesValue().reader().getDigest().cStr(), built.reader().getDigest().cStr());
  EXPECT_TRUE(destroy(deployment));
}

TEST_F(LocalAppFiles, DeploymentsOfTheSameFilesDoNotMeet) {
  const auto settings = runningScript("[ ! -e written ] || exit 3; touch written; exec ./hello-server");
  const auto first = deploy(settings, 1).value();
  const auto second = deploy(settings, 2);
  EXPECT_TRUE(destroy(first));
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_TRUE(destroy(*second));
}

TEST_F(LocalAppFiles, WhatAnAppWroteIsThereWhenItIsStartedAgain) {
  const auto deployment = deploy(runningScript("echo x >>starts; exec ./hello-server")).value();
  const std::string url = deployment.reader().getUrl();
  ::kill(std::stoi(get(url, "/pid").body), SIGKILL);
  EXPECT_TRUE(eventually([&] { return contentOf(folderOf(deployment) / "starts") == "x\nx\n"; }));
  EXPECT_TRUE(destroy(deployment));
}

TEST_F(LocalAppFiles, AProgramOfTheAppIsStartedFromItsCopy) {
  const auto deployment = deploy(running({"./hello-server"})).value();
  const int pid = std::stoi(get(deployment.reader().getUrl(), "/pid").body);
  const fs::path process = "/proc/" + std::to_string(pid);
  EXPECT_EQ(fs::read_symlink(process / "exe"), folderOf(deployment) / "hello-server");
  EXPECT_EQ(fs::read_symlink(process / "cwd"), folderOf(deployment));
  EXPECT_TRUE(destroy(deployment));
}

TEST_F(LocalAppFiles, FilesThatAreNotWhatWasBuiltAreRefused) {
  const auto built = filesValue();
  files_.write("greeting.txt", "hello 2\n");
  const auto refused = deployValue(built);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Refused);
  EXPECT_EQ(refused.error().code, "local/files-changed");
  EXPECT_TRUE(nothingLeft());
}

TEST_F(LocalAppFiles, FilesThatAreGoneAreNamed) {
  const auto built = filesValue();
  fs::remove_all(files_.path());
  const auto refused = deployValue(built);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "local/files-changed");
  EXPECT_NE(refused.error().message.find("are not there any more"), std::string::npos)
      << refused.error().message;
  EXPECT_TRUE(nothingLeft());
}

TEST_F(LocalAppFiles, AFolderOfUnknownContentIsTakenAsItIs) {
  Owned<cairn::wire::FilesDirectory> files;
  files->setPath(files_.path().string());
  const auto deployment = deployValue(files);
  ASSERT_TRUE(deployment) << deployment.error().message;
  EXPECT_TRUE(destroy(*deployment));
}

TEST_F(LocalAppFiles, DestroyRemovesTheCopyAlone) {
  const auto deployment = deploy(runningScript("mkdir -p a/b; chmod 500 a/b a; exec ./hello-server")).value();
  EXPECT_TRUE(harness_.call(Op::DESTROY).emptyInput().journal(journalOf(1)).result<void>());
  EXPECT_FALSE(fs::exists(folderOf(deployment)));
  EXPECT_TRUE(fs::exists(files_.path() / "hello-server"));
  EXPECT_TRUE(nothingLeft());
}

TEST_F(LocalAppFiles, ADeploymentThatRunsInWhatWasBuiltLeavesItBehind) {
  auto deployment = deploy(running({"./hello-server"})).value();
  // As earlier versions made them: the app ran in the builder's folder.
  fs::remove_all(folderOf(deployment));
  deployment->setFolder(files_.path().string());
  EXPECT_TRUE(destroy(deployment));
  EXPECT_TRUE(fs::exists(files_.path() / "hello-server"));
  EXPECT_TRUE(nothingLeft());
}

}  // namespace
}  // namespace cairn::plugins::local
