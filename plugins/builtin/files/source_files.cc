#include "source_files.h"

namespace cairn::plugins::files {
namespace {

namespace fs = std::filesystem;

bool leadsOut(const FileEntry& link) {
  const fs::path target = link.target;
  if (target.is_absolute()) return true;
  const auto resolved = (fs::path(link.path).parent_path() / target).lexically_normal();
  return *resolved.begin() == "..";
}

std::string hintFor(const std::string& code) {
  if (code == "no-folder") return "make it, or set `directory` to one that exists";
  if (code == "not-a-file") return "leave it out with a line in .cairnignore";
  if (code == "unreadable") return "look at its permissions, or leave it out with a line in .cairnignore";
  return "look at the folder's permissions and at the free space; XDG_CACHE_HOME can lead elsewhere";
}

Result<FileTree> listWithin(const fs::path& root, const LeaveOut& leaveOut) {
  auto tree = listFiles(root, leaveOut);
  if (!tree) return asOurs(std::move(tree).error());
  for (auto& entry : tree->entries) {
    if (entry.kind == FileEntry::Kind::Link && leadsOut(entry))
      return Error{.kind = ErrorKind::Failed,
                   .code = "files/link-leaves-folder",
                   .message = "the link " + entry.path + " leads out of the folder, to " + entry.target,
                   .hint = "leave it out with a line in .cairnignore, or put the file itself there"};
  }
  return tree;
}

}  // namespace

Error asOurs(Error error) {
  if (error.kind == ErrorKind::Cancelled) return error;
  error.hint = hintFor(error.code);
  if (error.code == "no-folder") error.settingPath = "directory";
  error.code = "files/" + error.code;
  return error;
}

Result<FileTree> listSource(const fs::path& root, const IgnoreRules& rules) {
  return listWithin(root, [&](const std::string& path, bool isDirectory) {
    return path == ".git" || rules.ignores(path, isDirectory);
  });
}

Result<FileTree> listWhole(const fs::path& root) {
  return listWithin(root, {});
}

}  // namespace cairn::plugins::files
