#include "pack.h"

#include "utf8_names.h"

#include <cairn/base/replace_file.h>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace cairn::plugins::files {
namespace {

namespace fs = std::filesystem;

constexpr time_t kFixedTime = 315532800;  // 1980-01-01, the first that a zip can say

struct FreeArchive {
  void operator()(archive* a) const { archive_write_free(a); }
};
struct FreeEntry {
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};
using Writer = std::unique_ptr<archive, FreeArchive>;

Error failed(const fs::path& path, const std::string& why) {
  return {.kind = ErrorKind::Failed,
          .code = "files/archive-failed",
          .message = "can't write the archive " + path.string() + ": " + why,
          .hint = "look whether there is room on that disk, and whether you may write in " +
                  path.parent_path().string() + "; path says where it goes"};
}

Error noUtf8(const fs::path& name, const fs::path& path) {
  Error error = failed(path, "a zip can't hold the name " + name.string() + ", which is no UTF-8");
  error.hint = "rename the file, or choose tar.gz";
  return error;
}

// What the system said, where it did: libarchive's own words name the temporary file.
std::string whyOf(archive* writer) {
  const int code = archive_errno(writer);
  const char* words = archive_error_string(writer);
  if (code > 0 && code != EILSEQ && code != EINVAL) return std::strerror(code);
  return words == nullptr ? "it is not known why" : words;
}

// The file that is written, and the one that it will be.
struct Places {
  const fs::path& temporary;
  const fs::path& archive;
};

Result<Writer> open(const std::string& format, const Places& places) {
  Writer writer(archive_write_new());
  int status = ARCHIVE_OK;
  if (format == "zip") {
    status = archive_write_set_format_zip(writer.get());
  } else {
    status = archive_write_set_format_pax_restricted(writer.get());
    if (format == "tar.gz") archive_write_add_filter_gzip(writer.get());
    if (format == "tar.zst") status |= archive_write_add_filter_zstd(writer.get());
    if (format == "tar.gz") archive_write_set_filter_option(writer.get(), "gzip", "timestamp", nullptr);
  }
  if (status == ARCHIVE_OK) status = archive_write_open_filename(writer.get(), places.temporary.c_str());
  if (status != ARCHIVE_OK) return failed(places.archive, whyOf(writer.get()));
  return writer;
}

std::unique_ptr<archive_entry, FreeEntry> header(const FileEntry& entry) {
  std::unique_ptr<archive_entry, FreeEntry> out(archive_entry_new());
  archive_entry_set_pathname(out.get(), entry.path.c_str());
  archive_entry_set_mtime(out.get(), kFixedTime, 0);
  archive_entry_set_uid(out.get(), 0);
  archive_entry_set_gid(out.get(), 0);
  switch (entry.kind) {
    case FileEntry::Kind::File:
      archive_entry_set_filetype(out.get(), AE_IFREG);
      archive_entry_set_perm(out.get(), entry.executable() ? 0755 : 0644);
      archive_entry_set_size(out.get(), entry.size);
      break;
    case FileEntry::Kind::Directory:
      archive_entry_set_filetype(out.get(), AE_IFDIR);
      archive_entry_set_perm(out.get(), 0755);
      break;
    case FileEntry::Kind::Link:
      archive_entry_set_filetype(out.get(), AE_IFLNK);
      archive_entry_set_perm(out.get(), 0777);
      archive_entry_set_symlink(out.get(), entry.target.c_str());
      break;
  }
  return out;
}

Result<void> writeContent(archive* writer, const fs::path& file, const fs::path& path) {
  int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failed(path, "can't read " + file.string());
  std::vector<char> buffer(128 * 1024);
  ssize_t count;
  bool ok = true;
  while (ok && (count = ::read(fd, buffer.data(), buffer.size())) > 0) {
    ok = archive_write_data(writer, buffer.data(), count) == count;
  }
  ::close(fd);
  if (!ok) return failed(path, whyOf(writer));
  return {};
}

Result<void> writeTree(const FileTree& tree, const std::string& format, const Places& places) {
  auto writer = CAIRN_TRY(open(format, places));
  for (auto& entry : tree.entries) {
    const auto head = header(entry);
    if (format == "zip" && archive_entry_pathname_utf8(head.get()) == nullptr)
      return noUtf8(entry.path, places.archive);
    // A warning is a name that is no UTF-8; it is written as it is.
    if (archive_write_header(writer.get(), head.get()) < ARCHIVE_WARN)
      return failed(places.archive, whyOf(writer.get()));
    if (entry.kind == FileEntry::Kind::File)
      CAIRN_TRY(writeContent(writer.get(), tree.root / entry.path, places.archive));
  }
  if (archive_write_close(writer.get()) != ARCHIVE_OK) return failed(places.archive, whyOf(writer.get()));
  return {};
}

bool endsWith(const std::string& text, std::string_view end) {
  return text.size() > end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

std::string formatOf(const fs::path& archive) {
  auto name = archive.filename().string();
  if (endsWith(name, ".tgz")) return "tar.gz";
  for (auto format : {"tar.gz", "tar.zst", "tar", "zip"}) {
    if (endsWith(name, std::string(".") + format)) return format;
  }
  return {};
}

Result<void> writeArchive(const FileTree& tree, const std::string& format, const fs::path& path) {
  const Utf8Names names;
  std::error_code failure, ignored;
  fs::create_directories(path.parent_path(), failure);
  if (failure) return failed(path, failure.message());
  const fs::path temporary = path.string() + ".part-" + std::to_string(::getpid());
  auto written = writeTree(tree, format, {temporary, path});
  if (!written) fs::remove(temporary, ignored);
  if (written && !putInPlace(temporary, path)) return failed(path, std::strerror(errno));
  return written;
}

}  // namespace cairn::plugins::files
