#pragma once
// A tar file that is written so that the same content gives the same bytes.

#include <cairn/base/result.h>

#include <filesystem>
#include <memory>
#include <string>

struct archive;
struct archive_entry;

namespace cairn::plugins::pack {

class TarFile {
 public:
  // Errors of all functions: pack/tar-failed.
  static Result<TarFile> create(const std::filesystem::path& path);

  Result<void> addText(const std::string& name, const std::string& content);
  Result<void> addFile(const std::string& name, const std::filesystem::path& file);
  // All of a folder, sorted, below `prefix`; links as they are; `.git` is left out.
  Result<void> addFolder(const std::string& prefix, const std::filesystem::path& folder);
  Result<void> close();

 private:
  struct Free {
    void operator()(archive* a) const;
  };
  explicit TarFile(std::filesystem::path path);
  Error failed() const;  // as libarchive says
  Result<void> header(archive_entry* entry);

  std::filesystem::path path_;
  std::unique_ptr<archive, Free> archive_;
};

}  // namespace cairn::plugins::pack
