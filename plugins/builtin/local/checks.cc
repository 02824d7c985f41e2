#include "app_command.h"
#include "platform.h"
#include "port_in_use.h"
#include "ports.h"

#include <cstdlib>

namespace cairn::plugins::local {
namespace {

Error badSetting(std::string message, std::string hint, std::string setting) {
  return Error{.kind = ErrorKind::Config,
               .code = "local/bad-setting",
               .message = std::move(message),
               .hint = std::move(hint),
               .settingPath = std::move(setting)};
}

// A program among the app's files can't be looked for before they are made.
void checkCommand(wire::PlatformSettings::Reader settings, const UnknownSettings& unknown,
                  std::vector<Error>& found) {
  if (unknown.contains("command")) return;
  const auto command = settings.getCommand();
  const std::string program = command.size() > 0 ? std::string(command[0]) : std::string();
  const bool amongFiles = !program.starts_with('/') && program.find('/') != std::string::npos;
  if (amongFiles) return;
  const auto environment = appEnvironment(settings, cairn::wire::DeploymentConfig::Reader(), 0);
  if (auto resolved = resolveProgram(program, {}, searchPathOf(environment)); !resolved)
    found.push_back(std::move(resolved).error());
}

void checkDir(wire::PlatformSettings::Reader settings, std::vector<Error>& found) {
  const std::filesystem::path dir(settings.getDir().cStr());
  const auto normal = dir.lexically_normal();
  if (dir.is_absolute() || (!normal.empty() && *normal.begin() == ".."))
    found.push_back(badSetting("dir '" + dir.string() + "' leads out of the app's files",
                               "name a folder among them, or leave it out", "dir"));
}

void checkProbe(wire::Probe::Reader probe, std::vector<Error>& found) {
  const std::string path = probe.getPath();
  if (!path.empty() && (path[0] != '/' || path.find_first_of(" \r\n\t") != std::string::npos))
    found.push_back(badSetting("the probe's path '" + path + "' is not a path", "write path = \"/health\"",
                               "probe.path"));
  if (!path.empty() &&
      (probe.getKind() == wire::Probe::Kind::TCP || probe.getKind() == wire::Probe::Kind::NONE))
    found.push_back(badSetting("the probe has a path but does not ask for it",
                               "leave out probe.kind or probe.path", "probe.path"));
}

}  // namespace

std::vector<Error> checkPlatform(const Call& call, wire::PlatformSettings::Reader settings,
                                 const UnknownSettings& unknown) {
  std::vector<Error> found = checkEnvironmentNames(settings);
  checkCommand(settings, unknown, found);
  if (!unknown.contains("dir")) checkDir(settings, found);
  if (!unknown.contains("probe.path")) checkProbe(settings.getProbe(), found);
  constexpr std::uint64_t kMaxLog = 1u << 30;
  if (settings.getLogLimitBytes() < 1024 || settings.getLogLimitBytes() > kMaxLog)
    found.push_back(
        badSetting("log_limit must be from 1 KiB to 1 GiB", "the default is 10 MiB", "log_limit"));
  if (!unknown.contains("port") && settings.getPort() != 0 && !isPortFree(settings.getPort())) {
    found.push_back(portInUse(call, settings.getPort(), kLeaveOutPort));
    found.back().settingPath = "port";
  }
  return found;
}

}  // namespace cairn::plugins::local
