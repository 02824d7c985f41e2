#pragma once
// Words that this room's tests share.

#include "host/project/project.h"

#include <gtest/gtest.h>

#include <stdlib.h>
#include <unistd.h>
#include <fstream>
#include <sstream>

namespace cairn::host {

// A folder that is gone with its test.
class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "cairn-project-XXXXXX").string();
    path_ = std::filesystem::canonical(::mkdtemp(pattern.data()));
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
  }

 private:
  std::filesystem::path path_;
};

// "3:7 unknown-key: there is … | did you mean …?", one line an error.
inline std::string told(const Errors& errors) {
  std::ostringstream out;
  for (const Error& error : errors) {
    if (error.position.line > 0) out << error.position.line << ':' << error.position.column << ' ';
    out << error.code << ": " << error.message;
    if (!error.hint.empty()) out << " | " << error.hint;
    out << '\n';
  }
  return out.str();
}

inline Result<Project, Errors> loadFrom(const TempFolder& folder, const std::string& workspace = "default") {
  return loadProject({.folder = folder.path(), .workspace = workspace});
}

}  // namespace cairn::host
