#pragma once
// A folder's files as a list that says the same on every machine.

#include "ignore_rules.h"

#include <cairn/base/result.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace cairn::plugins::files {

struct Entry {
  enum class Kind { File, Directory, Link } kind = Kind::File;
  std::string path;  // relative, parts joined by "/"
  bool executable = false;
  std::uint64_t size = 0;
  std::string target;  // a link's
};

struct FileTree {
  std::filesystem::path root;
  std::vector<Entry> entries;  // sorted by path

  std::uint64_t fileCount() const;
  std::uint64_t totalBytes() const;
};

// Lists all that the rules don't leave out; `.git` is always left out. Links are listed, not followed.
//
// Errors: files/no-folder; files/link-leaves-folder for a link that leads out of `root`; files/not-a-file for
// sockets, devices and pipes.
Result<FileTree> listFiles(const std::filesystem::path& root, const IgnoreRules& rules);

// "sha256:<hex>" over names, modes, contents. Errors: files/unreadable.
Result<std::string> digestOf(const FileTree& tree);

// Copies into `to`, an empty folder. Nothing is linked: files in the copy must stay as they are when the
// source is edited in place.
//
// Errors: files/unreadable, files/unwritable.
Result<void> copyFiles(const FileTree& tree, const std::filesystem::path& to);

}  // namespace cairn::plugins::files
