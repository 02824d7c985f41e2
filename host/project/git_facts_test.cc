#include "host/project/git_facts.h"
#include "host/project/git_folder.h"
#include "host/project/test_words.h"

namespace cairn::host {
namespace {

class CountingRunner : public GitRunner {
 public:
  std::optional<GitOutput> run(const std::filesystem::path& folder,
                               const std::vector<std::string>& arguments) override {
    ++calls;
    return present ? git_.run(folder, arguments) : std::nullopt;
  }
  int calls = 0;
  bool present = true;

 private:
  SpawnGitRunner git_;
};

struct Git : testing::Test {
  void git(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"});
    auto output = SpawnGitRunner().run(folder.path(), arguments);
    ASSERT_TRUE(output && output->exitCode == 0) << (output ? output->err : "no git");
  }
  void commit() {
    git({"init"});
    folder.write("a.txt", "one");
    folder.write("b.txt", "one");
    git({"add", "."});
    git({"commit", "-m", "first"});
  }
  GitFacts facts() {
    auto answer = readGitFacts(folder.path(), runner);
    EXPECT_TRUE(answer);
    return answer ? *answer : GitFacts();
  }
  TempFolder folder;
  CountingRunner runner;
};

TEST_F(Git, IsNotAskedOutsideACheckout) {
  EXPECT_EQ(facts().commit, "");
  EXPECT_EQ(runner.calls, 0);
}

TEST_F(Git, TellsACleanCommitWithOneProcess) {
  commit();
  git({"remote", "add", "origin", "https://me:token@example.test/shop.git"});
  const GitFacts found = facts();
  EXPECT_EQ(found.commit.size(), 40u);
  EXPECT_EQ(found.branch, "main");
  EXPECT_EQ(found.pretty, found.shortCommit());
  EXPECT_FALSE(found.dirty);
  EXPECT_EQ(found.commitTime.size(), 20u);
  EXPECT_EQ(found.remote, "https://example.test/shop.git");
  EXPECT_EQ(runner.calls, 1);
}

TEST_F(Git, SeesAnnotatedTagsLooseAndPacked) {
  commit();
  git({"tag", "-a", "v1.2", "-m", "x"});
  EXPECT_EQ(facts().pretty, "v1.2");
  git({"pack-refs", "--all"});
  EXPECT_EQ(facts().pretty, "v1.2");
}

TEST_F(Git, GivesTheSameTreeTheSameMark) {
  commit();
  folder.write("a.txt", "two");
  const std::string first = facts().pretty;
  EXPECT_EQ(first.size(), 7u + 15u);
  folder.write("a.txt", "three");
  EXPECT_NE(facts().pretty, first);
  folder.write("a.txt", "two");
  EXPECT_EQ(facts().pretty, first);
  git({"add", "a.txt"});
  EXPECT_EQ(facts().pretty, first);
}

TEST_F(Git, CountsUntrackedAndDeletedFiles) {
  commit();
  folder.write("new dir/c.txt", "x");
  const std::string untracked = facts().pretty;
  std::filesystem::remove(folder.path() / "b.txt");
  EXPECT_NE(facts().pretty, untracked);
}

TEST_F(Git, KnowsACheckoutBeforeItsFirstCommit) {
  git({"init"});
  EXPECT_EQ(facts().commit, "");
}

TEST_F(Git, SaysThatGitIsMissing) {
  commit();
  runner.present = false;
  auto answer = readGitFacts(folder.path(), runner);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "git-missing");
}

TEST_F(Git, IsAskedOnceAndOnlyWhenNeeded) {
  commit();
  GitSource source(folder.path(), runner);
  EXPECT_FALSE(source.asked());
  EXPECT_TRUE(source.facts());
  EXPECT_TRUE(source.facts());
  EXPECT_EQ(runner.calls, 1);
}

}  // namespace
}  // namespace cairn::host
