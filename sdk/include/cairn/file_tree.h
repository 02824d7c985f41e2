#pragma once
// The files of a folder as a list that says the same on every machine, their digest as `cairn.FilesDirectory`
// has it, and a copy of them that nobody else writes into.
//
// A platform that runs an app among its files copies them first and compares the digest: a folder that
// several deployments run in would give each the files that another has written. Functions without state; any
// thread. Their errors have codes without a plugin's name: "no-folder", "not-a-file", "unreadable",
// "unwritable". The plugin puts its own name before, and says in the hint what its user can do.

#include <cairn/base/result.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace cairn {

struct FileEntry {
  enum class Kind { File, Directory, Link };
  Kind kind = Kind::File;
  std::string path;           // relative, parts joined by "/"
  std::uint32_t mode = 0;     // the permission bits, 0 to 0777; no meaning for a link
  std::uint64_t size = 0;     // a file's, in bytes
  std::int64_t modified = 0;  // in ns since the epoch
  std::string target;         // a link's, as it is written

  bool executable() const { return (mode & 0100) != 0; }
};

struct FileTree {
  std::filesystem::path root;
  std::vector<FileEntry> entries;  // sorted by path, so that a folder comes before what is in it

  std::uint64_t fileCount() const;   // without folders and links
  std::uint64_t totalBytes() const;  // of the files
};

// Whether a path is left out; with a folder all that is in it.
using LeaveOut = std::function<bool(const std::string& path, bool isDirectory)>;

// Links are listed, not followed. Errors: no-folder where `root` is none; not-a-file for a socket, device or
// pipe; unreadable.
Result<FileTree> listFiles(const std::filesystem::path& root, const LeaveOut& leaveOut = {});

// "sha256:<hex>" over names, modes, contents, as types.capnp says at FilesDirectory.digest; other modes than
// the owner's right to execute, and times, are not in it. Reads every file. Errors: unreadable; not-a-file
// where something else stands at a file's path by now.
Result<std::string> digestOf(const FileTree& tree);

struct CopyOptions {
  // 0644, and 0755 for folders and what its owner can execute, in place of the modes that the files have.
  bool plainModes = false;
  // Asked before each entry, by its number; what it returns as an error ends the copying: for cancel and
  // progress.
  std::function<Result<void>(std::size_t entry)> before;
};

// Copies into `to`, an empty folder, with modes and times of change, and gives the digest of the copy, read
// anew from it. Where the file system can, the copy shares its blocks with the source until either is
// changed; no file is linked. What was copied stays there after an error.
//
// Errors: as digestOf(), unwritable, and those of `before`.
Result<std::string> copyFiles(const FileTree& tree, const std::filesystem::path& to,
                              const CopyOptions& options = {});

// Removes a folder with all that is in it, also where it is closed to its owner (as folders of Go's modules
// are); it may be gone already. Errors: unwritable.
Result<void> removeFiles(const std::filesystem::path& folder);

}  // namespace cairn
