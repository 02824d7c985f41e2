#include "pack.h"

#include "utf8_names.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

namespace cairn::plugins::files {
namespace {

namespace fs = std::filesystem;

struct FreeReader {
  void operator()(archive* a) const { archive_read_free(a); }
};
struct FreeWriter {
  void operator()(archive* a) const { archive_write_free(a); }
};

Error failed(const fs::path& path, const char* why) {
  return {
      .kind = ErrorKind::Failed,
      .code = "files/archive-failed",
      .message = "can't unpack " + path.string() + ": " + (why == nullptr ? "it is broken" : why),
      .hint =
          "look whether it is whole, a tar, tar.gz, tar.zst or zip, and whether there is room on the disk"};
}

bool staysInside(const fs::path& path) {
  auto normal = path.lexically_normal();
  return path.is_relative() && !normal.empty() && *normal.begin() != "..";
}

// Names in an archive are somebody else's words.
bool staysInside(archive_entry* entry) {
  fs::path path = archive_entry_pathname(entry);
  if (!staysInside(path)) return false;
  if (auto target = archive_entry_hardlink(entry)) return staysInside(fs::path(target));
  if (auto target = archive_entry_symlink(entry)) {
    return fs::path(target).is_relative() && staysInside(path.parent_path() / target);
  }
  return true;
}

Result<void> copyData(archive* from, archive* to, const fs::path& path) {
  const void* block;
  std::size_t size;
  la_int64_t offset;
  int status;
  while ((status = archive_read_data_block(from, &block, &size, &offset)) == ARCHIVE_OK) {
    if (archive_write_data_block(to, block, size, offset) < ARCHIVE_OK)
      return failed(path, archive_error_string(to));
  }
  if (status != ARCHIVE_EOF) return failed(path, archive_error_string(from));
  return {};
}

Result<void> unpackEntry(archive* from, archive* to, archive_entry* entry, const fs::path& path,
                         const fs::path& root) {
  if (archive_entry_pathname(entry) == nullptr) return failed(path, "a name in it can't be read");
  if (!staysInside(entry)) {
    return Error{.kind = ErrorKind::Refused,
                 .code = "files/archive-leaves-folder",
                 .message = path.string() +
                            " has an entry that leads out of its folder: " + archive_entry_pathname(entry),
                 .hint = "don't use this archive unless you know why it does that"};
  }
  if (auto target = archive_entry_hardlink(entry)) archive_entry_set_hardlink(entry, (root / target).c_str());
  archive_entry_set_pathname(entry, (root / archive_entry_pathname(entry)).c_str());
  if (archive_write_header(to, entry) != ARCHIVE_OK) return failed(path, archive_error_string(to));
  return copyData(from, to, path);
}

void supportFormats(archive* reader) {
  archive_read_support_format_tar(reader);
  archive_read_support_format_zip(reader);
  archive_read_support_filter_gzip(reader);
  archive_read_support_filter_bzip2(reader);
  archive_read_support_filter_xz(reader);
  archive_read_support_filter_zstd(reader);
}

}  // namespace

Result<void> unpackArchive(const fs::path& path, const fs::path& to) {
  const Utf8Names names;
  std::unique_ptr<archive, FreeReader> reader(archive_read_new());
  std::unique_ptr<archive, FreeWriter> writer(archive_write_disk_new());
  supportFormats(reader.get());
  archive_write_disk_set_options(
      writer.get(), ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_SECURE_NODOTDOT | ARCHIVE_EXTRACT_SECURE_SYMLINKS);
  if (archive_read_open_filename(reader.get(), path.c_str(), 128 * 1024) != ARCHIVE_OK) {
    return failed(path, archive_error_string(reader.get()));
  }
  std::error_code ignored;
  auto root = fs::canonical(to, ignored);  // a link on the way to it is not the archive's
  archive_entry* entry;
  int status;
  // A warning is a name that is no UTF-8; it is taken as it is.
  while ((status = archive_read_next_header(reader.get(), &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN) {
    CAIRN_TRY(unpackEntry(reader.get(), writer.get(), entry, path, root));
  }
  if (status != ARCHIVE_EOF) return failed(path, archive_error_string(reader.get()));
  return {};
}

}  // namespace cairn::plugins::files
