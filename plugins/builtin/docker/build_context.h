#pragma once
// What a build sends to the engine: a folder as a tar stream, without what .dockerignore leaves behind.

#include <cairn/base/result.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::plugins::docker {

struct ContextEntry {
  std::filesystem::path file;  // on this machine
  std::string name;            // in the tar
};

class BuildContext {
 public:
  // Lists what belongs to the context. `dockerfile` may lie outside of it; it is then sent under another
  // name.
  //
  // Errors: Config "docker/no-context", "docker/no-dockerfile"; Failed "docker/context-unreadable".
  static Result<BuildContext> open(const std::filesystem::path& folder,
                                   const std::filesystem::path& dockerfile);

  // For files that are no project's: just these, no rules.
  explicit BuildContext(std::vector<ContextEntry> entries) : entries_(std::move(entries)) {}

  // The Dockerfile's name in the tar.
  const std::string& dockerfileName() const { return dockerfileName_; }
  const std::vector<ContextEntry>& entries() const { return entries_; }

  // Writes the tar piece by piece; never holds more than one piece. Owners are root, as the docker CLI sends
  // them. Errors: Failed "docker/context-unreadable"; those of `sink`.
  Result<void> write(const std::function<Result<void>(std::string_view)>& sink) const;

 private:
  BuildContext() = default;

  std::vector<ContextEntry> entries_;  // sorted by name, folders before what is in them
  std::string dockerfileName_ = "Dockerfile";
};

}  // namespace cairn::plugins::docker
