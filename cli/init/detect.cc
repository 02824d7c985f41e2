#include "cli/init/detect.h"

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace cairn::cli {

namespace {

namespace fs = std::filesystem;

std::string contentOf(const fs::path& file) {
  std::ifstream in(file);
  std::stringstream content;
  content << in.rdbuf();
  return content.str();
}

std::string trimmed(std::string text) {
  size_t start = text.find_first_not_of(" \t\r");
  size_t end = text.find_last_not_of(" \t\r");
  return start == std::string::npos ? "" : text.substr(start, end - start + 1);
}

DetectedApp started(std::string because, std::vector<std::string> command) {
  return {DetectedApp::Kind::Command, std::move(because), ".", std::move(command)};
}

// "web: ./server --port $PORT" of a Procfile.
std::optional<DetectedApp> fromProcfile(const fs::path& folder) {
  std::istringstream lines(contentOf(folder / "Procfile"));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("web:")) continue;
    std::string command = trimmed(line.substr(4));
    if (!command.empty()) return started("the Procfile's line for web", {"sh", "-c", "exec " + command});
  }
  return std::nullopt;
}

std::optional<DetectedApp> fromPackageJson(const fs::path& folder) {
  auto package = nlohmann::json::parse(contentOf(folder / "package.json"), nullptr, false);
  if (!package.is_object() || !package.contains("scripts") || !package["scripts"].is_object())
    return std::nullopt;
  if (!package["scripts"].contains("start")) return std::nullopt;
  return started("package.json's start script", {"npm", "start"});
}

std::optional<DetectedApp> fromMakefile(const fs::path& folder) {
  std::string makefile = "\n" + contentOf(folder / "Makefile");
  for (std::string target : {"run", "start", "serve"}) {
    if (makefile.find("\n" + target + ":") != std::string::npos) {
      return started("the Makefile's target " + target, {"make", target});
    }
  }
  return std::nullopt;
}

std::optional<DetectedApp> fromWellKnownFile(const fs::path& folder) {
  const std::array<std::pair<const char*, std::vector<std::string>>, 5> kFiles = {{
      {"start.sh", {"sh", "start.sh"}},
      {"server.js", {"node", "server.js"}},
      {"server.py", {"python3", "server.py"}},
      {"app.py", {"python3", "app.py"}},
      {"main.py", {"python3", "main.py"}},
  }};
  for (const auto& [file, command] : kFiles) {
    if (fs::is_regular_file(folder / file)) return started(file, command);
  }
  return std::nullopt;
}

std::optional<DetectedApp> fromStaticSite(const fs::path& folder) {
  for (std::string path : {".", "public", "dist", "site", "_site", "build", "www"}) {
    if (!fs::is_regular_file(folder / path / "index.html")) continue;
    std::string because = path == "." ? "index.html" : path + "/index.html";
    return DetectedApp{DetectedApp::Kind::StaticSite,
                       because,
                       path == "." ? "." : "./" + path,
                       {"sh", "-c", "exec python3 -m http.server --bind 127.0.0.1 \"$PORT\""}};
  }
  return std::nullopt;
}

}  // namespace

std::optional<DetectedApp> detectApp(const fs::path& folder) {
  if (fs::is_regular_file(folder / "Dockerfile"))
    return DetectedApp{DetectedApp::Kind::Dockerfile, "the Dockerfile", ".", {}};
  for (auto detect : {fromProcfile, fromPackageJson, fromMakefile, fromWellKnownFile, fromStaticSite}) {
    if (auto found = detect(folder)) return found;
  }
  return std::nullopt;
}

DetectedApp appOfCommand(const std::string& commandLine) {
  return started("the command you gave", {"sh", "-c", "exec " + commandLine});
}

}  // namespace cairn::cli
