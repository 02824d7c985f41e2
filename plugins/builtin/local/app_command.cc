#include "app_command.h"

#include <unistd.h>

#include <cstdlib>
#include <map>
#include <sstream>

namespace cairn::plugins::local {
namespace fs = std::filesystem;
namespace {

constexpr char kDefaultPath[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

bool isProgram(const fs::path& path) {
  std::error_code failure;
  return fs::is_regular_file(path, failure) && ::access(path.c_str(), X_OK) == 0;
}

Error notFound(std::string message, std::string hint) {
  return Error{.kind = ErrorKind::NotFound,
               .code = "local/command-not-found",
               .message = std::move(message),
               .hint = std::move(hint),
               .settingPath = "command"};
}

Result<std::string> atPath(const fs::path& path, const std::string& asWritten) {
  if (isProgram(path)) return path.string();
  std::error_code failure;
  if (fs::is_directory(path, failure))
    return notFound(asWritten + " is a folder, not a program", "name a file in it");
  if (fs::exists(path, failure))
    return notFound(asWritten + " is not executable",
                    "run 'chmod +x' on it, or name its interpreter first: [\"sh\", \"" + asWritten + "\"]");
  return notFound("there is no program " + path.string(),
                  asWritten.starts_with('/') ? "check the path"
                                             : "it is looked for in the app's files: is it among them?");
}

std::string valueOr(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value && *value ? value : otherwise;
}

}  // namespace

Result<std::string> resolveProgram(const std::string& program, const fs::path& files,
                                   const std::string& searchPath) {
  if (program.empty()) return notFound("the command is empty", "write command = [\"./server\"]");
  if (program.starts_with('/')) return atPath(program, program);
  if (program.find('/') != std::string::npos) return atPath((files / program).lexically_normal(), program);
  std::istringstream folders(searchPath);
  for (std::string folder; std::getline(folders, folder, ':');)
    if (folder.starts_with('/') && isProgram(fs::path(folder) / program))
      return (fs::path(folder) / program).string();
  const bool amongFiles = !files.empty() && isProgram(files / program);
  return notFound(
      "there is no program '" + program + "' in PATH",
      amongFiles ? "for the one among the app's files write \"./" + program + "\"" : "PATH is " + searchPath);
}

std::vector<std::pair<std::string, std::string>> appEnvironment(wire::PlatformSettings::Reader settings,
                                                                cairn::wire::DeploymentConfig::Reader config,
                                                                std::uint16_t port) {
  std::map<std::string, std::string> out;
  out["PATH"] = valueOr("PATH", kDefaultPath);
  out["HOME"] = valueOr("HOME", "/");
  out["LANG"] = valueOr("LANG", "C.UTF-8");
  for (auto entry : settings.getEnv()) out[entry.getName()] = entry.getValue();
  for (auto entry : config.getEnv()) out[entry.getName()] = entry.getValue();
  // Last: the probe and the address count on it.
  out["PORT"] = std::to_string(port);
  return {out.begin(), out.end()};
}

std::string environmentBytes(const std::vector<std::pair<std::string, std::string>>& environment) {
  std::string out;
  for (const auto& [name, value] : environment) out.append(name).append("=").append(value).push_back('\0');
  return out;
}

std::string searchPathOf(const std::vector<std::pair<std::string, std::string>>& environment) {
  for (const auto& [name, value] : environment)
    if (name == "PATH") return value;
  return kDefaultPath;
}

std::vector<Error> checkEnvironmentNames(wire::PlatformSettings::Reader settings) {
  std::vector<Error> out;
  for (auto entry : settings.getEnv()) {
    const std::string name = entry.getName();
    if (name == "PORT") {
      out.push_back(Error{.kind = ErrorKind::Config,
                          .code = "local/bad-setting",
                          .message = "PORT is set by the platform",
                          .hint = "for a fixed port write port = …",
                          .settingPath = "env.PORT"});
    } else if (name.empty() || name.find('=') != std::string::npos) {
      out.push_back(Error{.kind = ErrorKind::Config,
                          .code = "local/bad-setting",
                          .message = "'" + name + "' can't be the name of an environment variable",
                          .hint = "use letters, digits and underscores",
                          .settingPath = "env." + name});
    }
  }
  return out;
}

}  // namespace cairn::plugins::local
