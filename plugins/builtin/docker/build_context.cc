#include "build_context.h"

#include "ignore_rules.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>

namespace cairn::plugins::docker {
namespace {

namespace fs = std::filesystem;
using Sink = std::function<Result<void>(std::string_view)>;

constexpr const char* kOutsideDockerfile = ".cairn.dockerfile";

std::string readText(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool isBelow(const fs::path& path, const fs::path& folder) {
  const fs::path relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

Error readError(const fs::path& file, const std::string& why) {
  return Error{.kind = ErrorKind::Failed,
               .code = "docker/context-unreadable",
               .message = "can't read " + file.string() + " for the build: " + why,
               .hint = "mend its permissions, or leave it out in .dockerignore"};
}

Result<void> collect(const fs::path& folder, const std::string& prefix, const IgnoreRules& rules,
                     std::vector<ContextEntry>& out) {
  std::vector<fs::directory_entry> entries;
  std::error_code failed;
  for (fs::directory_iterator i(folder, failed), end; !failed && i != end; i.increment(failed))
    entries.push_back(*i);
  if (failed) return readError(folder, failed.message());
  std::sort(entries.begin(), entries.end());
  for (const auto& entry : entries) {
    const std::string name = prefix + entry.path().filename().string();
    const bool ignored = rules.ignores(name);
    const bool isFolder = entry.symlink_status().type() == fs::file_type::directory;
    if (!ignored) out.push_back({entry.path(), name});
    if (isFolder && (!ignored || rules.mayHoldExceptions(name)))
      CAIRN_TRY(collect(entry.path(), name + "/", rules, out));
  }
  return {};
}

IgnoreRules rulesFor(const fs::path& folder, const fs::path& dockerfile, const std::string& dockerfileName) {
  // As BuildKit: a Dockerfile may have an ignore file of its own.
  const fs::path own = dockerfile.string() + ".dockerignore";
  std::error_code ignored;
  IgnoreRules rules = IgnoreRules::parse(readText(fs::exists(own, ignored) ? own : folder / ".dockerignore"));
  rules.add("!" + dockerfileName);
  return rules;
}

// Libarchive calls back from C; the first error is kept here, and nothing goes to the sink after it.
struct TarStream {
  const Sink& sink;
  std::optional<Error> error;

  static la_ssize_t write(archive*, void* self, const void* data, std::size_t size) {
    auto& stream = *static_cast<TarStream*>(self);
    if (stream.error) return static_cast<la_ssize_t>(size);
    auto written = stream.sink({static_cast<const char*>(data), size});
    if (written) return static_cast<la_ssize_t>(size);
    stream.error = std::move(written).error();
    return -1;
  }
};

// False where the kind of file has no place in a tar: a socket.
Result<bool> describe(archive_entry* out, const ContextEntry& entry) {
  struct stat status = {};
  if (::lstat(entry.file.c_str(), &status) != 0) return readError(entry.file, std::strerror(errno));
  if (S_ISSOCK(status.st_mode)) return false;
  archive_entry_clear(out);
  archive_entry_copy_stat(out, &status);
  archive_entry_set_uid(out, 0);
  archive_entry_set_gid(out, 0);
  archive_entry_set_nlink(out, 1);
  archive_entry_copy_pathname(out, entry.name.c_str());
  if (!S_ISREG(status.st_mode)) archive_entry_set_size(out, 0);
  if (S_ISLNK(status.st_mode)) archive_entry_copy_symlink(out, fs::read_symlink(entry.file).c_str());
  return true;
}

Result<void> writeContent(archive* out, const ContextEntry& entry, const TarStream& stream) {
  std::ifstream in(entry.file, std::ios::binary);
  if (!in) return readError(entry.file, std::strerror(errno));
  char piece[64 * 1024];
  while (in.read(piece, sizeof piece), in.gcount() > 0) {
    // A file that grew meanwhile is cut off at the size that was announced, one that shrank is filled with
    // zeros.
    const la_ssize_t written = archive_write_data(out, piece, static_cast<std::size_t>(in.gcount()));
    if (written <= 0 || stream.error) break;
  }
  if (in.bad()) return readError(entry.file, std::strerror(errno));
  return {};
}

Result<void> writeEntries(archive* out, const std::vector<ContextEntry>& entries, TarStream& stream) {
  const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> header(archive_entry_new(),
                                                                             archive_entry_free);
  for (const ContextEntry& entry : entries) {
    if (!CAIRN_TRY(describe(header.get(), entry))) continue;
    const int status = archive_write_header(out, header.get());
    if (stream.error) return *stream.error;
    if (status < ARCHIVE_WARN) return readError(entry.file, archive_error_string(out));
    if (archive_entry_filetype(header.get()) == AE_IFREG) CAIRN_TRY(writeContent(out, entry, stream));
    if (stream.error) return *stream.error;
  }
  return {};
}

}  // namespace

Result<BuildContext> BuildContext::open(const fs::path& folder, const fs::path& dockerfile) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    return Error{.kind = ErrorKind::Config,
                 .code = "docker/no-context",
                 .message = "the build context " + folder.string() + " is not a folder",
                 .settingPath = "context"};
  }
  if (!fs::is_regular_file(dockerfile, ignored)) {
    return Error{.kind = ErrorKind::Config,
                 .code = "docker/no-dockerfile",
                 .message = "there is no Dockerfile at " + dockerfile.string(),
                 .hint = "add one, or set dockerfile to where it is",
                 .settingPath = "dockerfile"};
  }
  BuildContext out;
  const bool inside = isBelow(dockerfile.lexically_normal(), folder.lexically_normal());
  out.dockerfileName_ =
      inside ? dockerfile.lexically_normal().lexically_relative(folder.lexically_normal()).generic_string()
             : kOutsideDockerfile;
  CAIRN_TRY(collect(folder, "", rulesFor(folder, dockerfile, out.dockerfileName_), out.entries_));
  if (!inside) out.entries_.push_back({dockerfile, kOutsideDockerfile});
  return out;
}

Result<void> BuildContext::write(const Sink& sink) const {
  TarStream stream{sink, std::nullopt};
  const std::unique_ptr<archive, decltype(&archive_write_free)> out(archive_write_new(), archive_write_free);
  archive_write_set_format_pax_restricted(out.get());
  archive_write_set_bytes_per_block(out.get(), 64 * 1024);
  archive_write_set_bytes_in_last_block(out.get(), 1);
  archive_write_open(out.get(), &stream, nullptr, TarStream::write, nullptr);
  auto written = writeEntries(out.get(), entries_, stream);
  if (!written) {
    stream.error = written.error();
    archive_write_fail(out.get());  // or closing would fill the rest of an entry with zeros
  }
  archive_write_close(out.get());  // frees what archive_write_free() leaves where it failed
  if (stream.error) return *stream.error;
  return {};
}

}  // namespace cairn::plugins::docker
