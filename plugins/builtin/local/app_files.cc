#include "app_files.h"

#include <cairn/file_tree.h>

#include <cerrno>
#include <cstring>

namespace cairn::plugins::local {
namespace fs = std::filesystem;
namespace {

// As much as one waits for.
constexpr std::size_t kManyFiles = 2000;
constexpr std::uint64_t kManyBytes = 200'000'000;

Error changed(const std::string& title, const std::string& path, const char* how) {
  return Error{.kind = ErrorKind::Refused,
               .code = "local/files-changed",
               .message = "the files of " + title + " in " + path + how,
               .hint = "'cairn up' builds them anew"};
}

Error notCopied(Error error) {
  if (error.kind == ErrorKind::Cancelled) return error;
  error.hint = error.code == "unwritable"
                   ? "each deployment runs in a copy of its own: look at the free space in Cairn's state "
                     "folder, which XDG_STATE_HOME moves; 'cairn destroy' frees what is not needed any more"
                   : "look at its permissions, or leave it out of what is built";
  error.code = "local/files-not-copied";
  return error;
}

Result<void> makeEmpty(const fs::path& folder) {
  CAIRN_TRY(removeFiles(folder));
  std::error_code failure;
  fs::create_directory(folder, failure);
  if (!failure) return {};
  return Error{.kind = ErrorKind::Failed,
               .code = "unwritable",
               .message = "can't write " + folder.string() + ": " + failure.message()};
}

// The digest of the copy.
Result<std::string> copy(const Call& call, const FileTree& tree, const fs::path& to,
                         const std::string& title) {
  CAIRN_TRY(makeEmpty(to));
  std::optional<Step> step;
  const std::size_t all = tree.entries.size();
  if (all > kManyFiles || tree.totalBytes() > kManyBytes)
    step.emplace(call.step("Copying the files of " + title));
  auto digest = copyFiles(tree, to, {.before = [&](std::size_t entry) -> Result<void> {
                            if (call.cancelled()) return call.cancelledError();
                            if (step) step->progress(entry, all, "files");
                            return {};
                          }});
  if (step && !digest) step->fail();
  return digest;
}

}  // namespace

Result<void> checkAppFiles(cairn::wire::FilesDirectory::Reader files, const std::string& title) {
  std::error_code ignored;
  if (fs::is_directory(files.getPath().cStr(), ignored)) return {};
  return changed(title, files.getPath(), " are not there any more");
}

Result<void> copyAppFiles(const Call& call, cairn::wire::FilesDirectory::Reader files,
                          const AppFolder& folder, const std::string& title) {
  auto tree = listFiles(files.getPath().cStr());
  if (!tree) return notCopied(std::move(tree).error());
  const auto digest = copy(call, *tree, folder.files(), title);
  if (!digest) return notCopied(digest.error());
  // Of the copy: what was built may change while it is read.
  if (files.getDigest().size() > 0 && *digest != files.getDigest().cStr())
    return changed(title, files.getPath(), " are not what was built");
  return {};
}

}  // namespace cairn::plugins::local
