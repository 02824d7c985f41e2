#include "host/project/git_facts.h"

#include <cairn/dynamic/digest.h>

#include "host/project/git_folder.h"

#include <sys/stat.h>
#include <algorithm>
#include <fstream>

namespace cairn::host {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> splitAtNul(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\0', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// What follows the first `fields` fields of a line.
std::string afterFields(const std::string& line, int fields) {
  std::size_t at = 0;
  for (; fields > 0; --fields) {
    at = line.find(' ', at);
    if (at == std::string::npos) return "";
    ++at;
  }
  return line.substr(at);
}

struct Status {
  std::string commit;
  std::string branch;
  std::vector<std::string> changed;  // relative to the work tree's top
};

Status parseStatus(const std::string& text) {
  Status out;
  const auto lines = splitAtNul(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    if (line.starts_with("# branch.oid "))
      out.commit = line.substr(13);
    else if (line.starts_with("# branch.head "))
      out.branch = line.substr(14);
    else if (line.starts_with("1 "))
      out.changed.push_back(afterFields(line, 8));
    else if (line.starts_with("u "))
      out.changed.push_back(afterFields(line, 10));
    else if (line.starts_with("? "))
      out.changed.push_back(line.substr(2));
    else if (line.starts_with("2 ")) {
      out.changed.push_back(afterFields(line, 9));
      if (i + 1 < lines.size()) out.changed.push_back(lines[++i]);  // where it was before
    }
  }
  if (out.commit == "(initial)") out.commit.clear();
  if (out.branch == "(detached)") out.branch.clear();
  return out;
}

void addFile(Sha256& hash, const fs::path& file, const std::string& name) {
  struct stat status {};
  const auto addPart = [&](const std::string& part) { hash.add(std::to_string(part.size()) + ":" + part); };
  addPart(name);
  if (::lstat(file.c_str(), &status) != 0) return addPart("gone");
  if (S_ISLNK(status.st_mode)) {
    std::error_code problem;
    addPart("link");
    return addPart(fs::read_symlink(file, problem).string());
  }
  if (!S_ISREG(status.st_mode)) return addPart("other");
  addPart((status.st_mode & S_IXUSR) != 0 ? "program" : "file");
  addPart(std::to_string(status.st_size));
  std::ifstream in(file, std::ios::binary);
  char block[64 << 10];
  while (in.read(block, sizeof block) || in.gcount() > 0)
    hash.add(block, static_cast<std::size_t>(in.gcount()));
}

// Over the names, modes and bytes of all that differs from HEAD: the same tree has the same mark.
std::string dirtyMark(const fs::path& top, std::vector<std::string> changed) {
  std::sort(changed.begin(), changed.end());
  Sha256 hash;
  for (const std::string& name : changed) addFile(hash, top / name, name);
  return "-dirty." + hex(hash.finish()).substr(0, 8);
}

Error failed(const GitOutput& output) {
  std::string why = output.err.substr(0, output.err.find('\n'));
  return {.kind = ErrorKind::Failed,
          .code = "git-failed",
          .message = "git could not tell about this checkout" + (why.empty() ? "" : ": " + why),
          .hint = "run `git status` in the project's folder",
          .detail = output.err};
}

}  // namespace

Result<GitFacts> readGitFacts(const fs::path& folder, GitRunner& runner) {
  const auto checkout = GitFolder::find(folder);
  if (!checkout) return GitFacts();
  // Owned by another user is usual in CI and harmless here: fsmonitor, the one thing status could start, is
  // off.
  const auto output = runner.run(
      folder, {"-c", "safe.directory=*", "-c", "core.fsmonitor=false", "--no-optional-locks", "status",
               "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--ignore-submodules=none"});
  if (!output) {
    return Error{.kind = ErrorKind::Unavailable,
                 .code = "git-missing",
                 .message = "the program `git` was not found",
                 .hint = "install git, or don't use ${git.…} in cairn.toml"};
  }
  if (output->exitCode != 0) return failed(*output);
  Status status = parseStatus(output->out);
  GitFacts facts{.commit = status.commit, .branch = status.branch, .dirty = !status.changed.empty()};
  facts.remote = checkout->remote();
  if (facts.commit.empty()) return facts;
  facts.tag = checkout->tagAt(facts.commit);
  facts.commitTime = checkout->commitTime(facts.commit);
  facts.pretty = facts.tag.empty() ? facts.shortCommit() : facts.tag;
  if (facts.dirty) facts.pretty += dirtyMark(checkout->top(), std::move(status.changed));
  return facts;
}

GitSource::GitSource(fs::path folder, GitRunner& runner) : folder_(std::move(folder)), runner_(&runner) {}

GitSource::GitSource(GitFacts known) : answer_(std::move(known)) {}

const Result<GitFacts>& GitSource::facts() {
  if (!answer_) answer_.emplace(readGitFacts(folder_, *runner_));
  return *answer_;
}

}  // namespace cairn::host
