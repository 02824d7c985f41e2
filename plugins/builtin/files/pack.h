#pragma once
// Archives by libarchive: written so that the same files give the same bytes, read so that nothing leaves the
// folder.

#include <cairn/base/result.h>
#include <cairn/file_tree.h>

#include <filesystem>
#include <string>

namespace cairn::plugins::files {

// "tar.gz", "tar.zst", "tar" or "zip" as the file's name ends; ".tgz" is tar.gz. Empty: none of them.
std::string formatOf(const std::filesystem::path& archive);

// Writes `tree` sorted, with one fixed time, owner and mode, and puts it at `path` when it is whole.
//
// Errors: files/archive-failed.
Result<void> writeArchive(const FileTree& tree, const std::string& format, const std::filesystem::path& path);

// Unpacks a tar, plain or packed by gzip, bzip2, xz or zstd, or a zip into `to`, an empty folder. Goes by
// what is in it, not by its name.
//
// Errors: files/archive-leaves-folder (absolute paths, "..", links that lead out), files/archive-failed.
Result<void> unpackArchive(const std::filesystem::path& archive, const std::filesystem::path& to);

}  // namespace cairn::plugins::files
