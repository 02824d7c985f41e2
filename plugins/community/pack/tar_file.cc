#include "tar_file.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

namespace cairn::plugins::pack {
namespace {

namespace fs = std::filesystem;

struct FreeEntry {
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};
using Entry = std::unique_ptr<archive_entry, FreeEntry>;

Entry entryOf(const std::string& name, unsigned type, int mode, std::uint64_t size = 0) {
  Entry entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_filetype(entry.get(), type);
  archive_entry_set_perm(entry.get(), mode);
  archive_entry_set_size(entry.get(), size);
  archive_entry_set_mtime(entry.get(), 0, 0);
  return entry;
}

Error tarError(const std::string& what, const std::string& why, const char* hint) {
  return {.kind = ErrorKind::Failed, .code = "pack/tar-failed", .message = what + ": " + why, .hint = hint};
}

Error unreadable(const fs::path& path, const std::string& why) {
  return tarError("can't read " + path.string(), why, "look at its permissions");
}

std::vector<fs::path> sortedFiles(const fs::path& folder, std::error_code& failure) {
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure)) {
    if (at.depth() == 0 && at->path().filename() == ".git")
      at.disable_recursion_pending();
    else
      files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

void TarFile::Free::operator()(archive* a) const {
  archive_write_free(a);
}

TarFile::TarFile(fs::path path) : path_(std::move(path)), archive_(archive_write_new()) {}

Error TarFile::failed() const {
  const int cause = archive_errno(archive_.get());
  const char* why = archive_error_string(archive_.get());
  return tarError("can't write " + path_.string(),
                  cause > 0        ? std::strerror(cause)
                  : why != nullptr ? why
                                   : "",
                  "look at the folder's permissions and at the free space");
}

Result<TarFile> TarFile::create(const fs::path& path) {
  TarFile file(path);
  archive_write_set_format_pax_restricted(file.archive_.get());
  if (archive_write_open_filename(file.archive_.get(), path.c_str()) != ARCHIVE_OK) return file.failed();
  return file;
}

Result<void> TarFile::header(archive_entry* entry) {
  if (archive_write_header(archive_.get(), entry) < ARCHIVE_WARN) return failed();
  return {};
}

Result<void> TarFile::addText(const std::string& name, const std::string& content) {
  CAIRN_TRY(header(entryOf(name, AE_IFREG, 0644, content.size()).get()));
  if (archive_write_data(archive_.get(), content.data(), content.size()) < 0) return failed();
  return {};
}

Result<void> TarFile::addFile(const std::string& name, const fs::path& file) {
  std::error_code failure;
  auto size = fs::file_size(file, failure);
  auto permissions = fs::status(file, failure).permissions();
  std::ifstream content(file, std::ios::binary);
  if (failure || !content) return unreadable(file, failure ? failure.message() : std::strerror(errno));
  bool executable = (permissions & fs::perms::owner_exec) != fs::perms::none;
  CAIRN_TRY(header(entryOf(name, AE_IFREG, executable ? 0755 : 0644, size).get()));
  std::vector<char> buffer(128 * 1024);
  while (content.read(buffer.data(), buffer.size()) || content.gcount() > 0) {
    if (archive_write_data(archive_.get(), buffer.data(), content.gcount()) < 0) return failed();
  }
  if (content.bad()) return unreadable(file, std::strerror(errno));
  return {};
}

Result<void> TarFile::addFolder(const std::string& prefix, const fs::path& folder) {
  std::error_code failure;
  CAIRN_TRY(header(entryOf(prefix, AE_IFDIR, 0755).get()));
  for (auto& path : sortedFiles(folder, failure)) {
    auto name = prefix + "/" + path.lexically_relative(folder).generic_string();
    if (fs::is_symlink(path)) {
      auto link = entryOf(name, AE_IFLNK, 0777);
      archive_entry_set_symlink(link.get(), fs::read_symlink(path).c_str());
      CAIRN_TRY(header(link.get()));
    } else if (fs::is_directory(path)) {
      CAIRN_TRY(header(entryOf(name, AE_IFDIR, 0755).get()));
    } else if (fs::is_regular_file(path)) {
      CAIRN_TRY(addFile(name, path));
    }
  }
  if (failure) return unreadable(folder, failure.message());
  return {};
}

Result<void> TarFile::close() {
  if (archive_write_close(archive_.get()) != ARCHIVE_OK) return failed();
  return {};
}

}  // namespace cairn::plugins::pack
