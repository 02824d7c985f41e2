#pragma once
// What an app's folder says about how the app is built and started.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::cli {

struct DetectedApp {
  enum class Kind { Dockerfile, Command, StaticSite } kind = Kind::Command;
  std::string because;               // "the Dockerfile", "package.json's start script"
  std::string path = ".";            // the app's folder, relative to the project's
  std::vector<std::string> command;  // of Command and StaticSite
};

// Looks for a Dockerfile, then for a start command, then for a static site. Reads a few small files, runs
// nothing.
std::optional<DetectedApp> detectApp(const std::filesystem::path& folder);

// The command line of somebody who was asked for it, run by a shell.
DetectedApp appOfCommand(const std::string& commandLine);

}  // namespace cairn::cli
