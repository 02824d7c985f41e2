#pragma once
// What can be read of a git checkout without git: where it is, its tags and its remote.

#include <filesystem>
#include <optional>
#include <string>

namespace cairn::host {

class GitFolder {
 public:
  // The checkout that `folder` lies in, or nothing.
  static std::optional<GitFolder> find(const std::filesystem::path& folder);

  const std::filesystem::path& top() const { return top_; }  // of the work tree

  // A tag, annotated or not, that points at the commit; the last by name.
  std::string tagAt(const std::string& commit) const;
  // ISO 8601, UTC; empty where neither a loose object nor the reflog tells.
  std::string commitTime(const std::string& commit) const;
  // origin's URL, without user and password.
  std::string remote() const;

 private:
  std::string looseObject(const std::string& id) const;

  std::filesystem::path top_;
  std::filesystem::path own_;     // of this work tree: HEAD, logs
  std::filesystem::path common_;  // shared by all work trees: refs, objects, config
};

std::string withoutCredentials(std::string url);

}  // namespace cairn::host
