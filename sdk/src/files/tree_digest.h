#pragma once
// The digest of a FileTree, entry by entry in its order.

#include <cairn/dynamic/digest.h>
#include <cairn/file_tree.h>

namespace cairn::detail {

class TreeDigest {
 public:
  void addDirectory(const FileEntry& entry) { line("dir", "", entry.path); }
  void addLink(const FileEntry& entry) { line("link", hex(sha256(entry.target)), entry.path); }
  void addFile(const FileEntry& entry, const Digest& content) {
    line(entry.executable() ? "755" : "644", hex(content), entry.path);
  }
  std::string finish() { return "sha256:" + hex(digest_.finish()); }

 private:
  void line(std::string_view mode, std::string_view content, const std::string& path) {
    digest_.add(mode).add(" ").add(content).add(" ").add(path).add(std::string_view("\0", 1));
  }

  Sha256 digest_;
};

// Reads from where `fd` stands up to its end; none after a failure, with errno.
std::optional<Digest> digestOfContent(int fd);

}  // namespace cairn::detail
