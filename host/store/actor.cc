#include "host/store/actor.h"

#include <cairn/base/process_stat.h>

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <vector>

namespace cairn::host {
namespace {

constexpr std::string_view kHidden = "***";

// A file of /proc: small, and its size is not told beforehand.
std::optional<std::string> readSmallFile(const std::string& path) {
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  std::array<char, 4096> buffer;
  ssize_t got = read(file, buffer.data(), buffer.size());
  close(file);
  if (got < 0) return std::nullopt;
  return std::string(buffer.data(), got);
}

std::string bootId() {
  std::string id = readSmallFile("/proc/sys/kernel/random/boot_id").value_or("");
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

std::string pidNamespace() {
  std::array<char, 64> buffer;
  ssize_t got = readlink("/proc/self/ns/pid", buffer.data(), buffer.size());
  return got > 0 ? std::string(buffer.data(), got) : std::string();
}

std::string hostName() {
  std::array<char, 256> buffer{};
  gethostname(buffer.data(), buffer.size() - 1);
  return buffer.data();
}

std::string userName() {
  passwd entry;
  passwd* found = nullptr;
  std::vector<char> buffer(4096);
  getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found);
  std::string name = found != nullptr ? found->pw_name : "uid " + std::to_string(geteuid());
  const char* sudoUser = getenv("SUDO_USER");
  return geteuid() == 0 && sudoUser != nullptr ? name + " (sudo by " + sudoUser + ")" : name;
}

// "token=geheim" shows "token=***", anything else nothing at all.
std::string hideValue(std::string_view value) {
  size_t equals = value.find('=');
  return equals == std::string_view::npos ? std::string(kHidden)
                                          : std::string(value.substr(0, equals + 1)).append(kHidden);
}

bool isSecretFlag(std::string_view argument, std::span<const std::string> secretFlags) {
  return argument == "--var" ||
         std::find(secretFlags.begin(), secretFlags.end(), argument) != secretFlags.end();
}

}  // namespace

ProcessIdentity currentProcess() {
  int32_t pid = getpid();
  return {pid, processStat(pid).value_or(ProcessStat{}).startTime, bootId(), pidNamespace()};
}

Liveness livenessOf(const Actor& actor) {
  const ProcessIdentity& process = actor.process;
  if (process.bootId != bootId()) return actor.host == hostName() ? Liveness::Gone : Liveness::Unknown;
  if (process.pidNamespace != pidNamespace()) return Liveness::Unknown;
  auto stat = processStat(process.pid);
  bool runs = stat && stat->startTime == process.startTime && !stat->hasEnded();
  return runs ? Liveness::Alive : Liveness::Gone;
}

Actor currentActor(std::string command) {
  return {userName(), hostName(), std::move(command), currentProcess()};
}

void writeActor(const Actor& actor, wire::Actor::Builder out) {
  out.setUser(actor.user);
  out.setHost(actor.host);
  out.setCommand(actor.command);
  out.setPid(actor.process.pid);
}

std::string publicCommand(std::span<const std::string> arguments, std::span<const std::string> secretFlags) {
  std::string out;
  bool hideNext = false;
  for (const std::string& argument : arguments) {
    if (!out.empty()) out += ' ';
    size_t equals = argument.find('=');
    std::string_view flag = std::string_view(argument).substr(0, equals);
    if (hideNext) {
      out += hideValue(argument);
    } else if (equals != std::string::npos && isSecretFlag(flag, secretFlags)) {
      out.append(flag).append("=").append(hideValue(std::string_view(argument).substr(equals + 1)));
    } else {
      out += argument;
    }
    if (argument == "--" && !hideNext) return out + " " + std::string(kHidden);
    hideNext = !hideNext && isSecretFlag(argument, secretFlags);
  }
  return out;
}

}  // namespace cairn::host
