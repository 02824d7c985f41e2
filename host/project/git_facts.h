#pragma once
// What git knows about the project's folder.
//
// Asked through the `git` program, with one process, only when somebody asks: same tree, same facts.

#include <cairn/base/result.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::host {

// All empty outside a git checkout.
struct GitFacts {
  std::string commit;      // 40 hex digits; empty before the first commit
  std::string branch;      // empty when HEAD is detached
  std::string tag;         // a tag that points at HEAD; the last by name where there are several
  bool dirty = false;      // tracked files changed, or there are untracked ones that are not ignored
  std::string pretty;      // tag, else 7 hex digits; with "-dirty.<8 hex>" where the tree is dirty
  std::string commitTime;  // ISO 8601, UTC; empty where only a pack or another host's reflog knows it
  std::string remote;      // origin's URL without credentials

  std::string shortCommit() const { return commit.substr(0, 7); }
};

struct GitOutput {
  int exitCode = 0;
  std::string out;
  std::string err;
};

// Runs `git` with these arguments, in the given folder, with nothing on stdin. The answer is empty
// where there is no program of that name. Blocks until git has ended.
class GitRunner {
 public:
  virtual ~GitRunner() = default;
  virtual std::optional<GitOutput> run(const std::filesystem::path& folder,
                                       const std::vector<std::string>& arguments) = 0;
};

// Finds git in PATH and starts it with posix_spawn.
class SpawnGitRunner : public GitRunner {
 public:
  std::optional<GitOutput> run(const std::filesystem::path& folder,
                               const std::vector<std::string>& arguments) override;
};

// Asks once. Errors: git-missing where the folder is in a checkout and there is no git; git-failed.
Result<GitFacts> readGitFacts(const std::filesystem::path& folder, GitRunner& runner);

// Git facts that are read when first asked for. Not safe for several threads.
class GitSource {
 public:
  GitSource(std::filesystem::path folder, GitRunner& runner);
  explicit GitSource(GitFacts known);  // of a plan

  const Result<GitFacts>& facts();
  // Whether somebody has asked.
  bool asked() const { return answer_.has_value(); }

 private:
  std::filesystem::path folder_;
  GitRunner* runner_ = nullptr;
  std::optional<Result<GitFacts>> answer_;
};

}  // namespace cairn::host
