#pragma once
// A plugin on disk: the folder that holds its executable and whatever it ships. Its identity is the digest of
// all of it.

#include <cairn/base/result.h>

#include <filesystem>
#include <string>

namespace cairn::host {

struct Bundle {
  std::string name;
  std::filesystem::path folder;
  std::filesystem::path executable;  // <folder>/cairn-plugin-<name>
  // A path that names the executable itself: the file alone is the bundle, so that a build folder's other
  // files don't count.
  bool singleFile = false;
};

// The plugin `name` at `path`: a folder that holds cairn-plugin-<name>, or the executable.
//
// Errors: plugin-not-found, naming what was looked for.
Result<Bundle> openBundle(const std::string& name, const std::filesystem::path& path);

// SHA-256 over the sorted relative names, executable bits and contents of the bundle's files. Links are taken
// as the files and folders they lead to; of a folder that is met again its first name counts.
//
// The contents are read only when a file's (device, inode, size, mtime) differs from what `cacheFolder`
// remembers: a plan with nothing changed reads names and times only.
Result<std::string> bundleDigest(const Bundle& bundle, const std::filesystem::path& cacheFolder);

}  // namespace cairn::host
