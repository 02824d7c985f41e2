#include "host/broker/spawn.h"

#include "host/broker/descriptors.h"

#include <cairn/base/reset_signals.h>

#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/env.hpp>
#include <boost/process/error.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/posix.hpp>

#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

extern char** environ;

namespace cairn::host {
namespace bp = boost::process;
namespace fs = std::filesystem;
namespace {

struct Pair {
  kj::AutoCloseFd ours;
  kj::AutoCloseFd theirs;
};

bool makeSocketPair(Pair& pair) {
  int fds[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) return false;
  pair = {raised(fds[0]), raised(fds[1])};
  return true;
}

std::string architectureName(unsigned machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86-64";
    case EM_AARCH64:
      return "arm64";
    case EM_386:
      return "32-bit x86";
    case EM_ARM:
      return "32-bit arm";
    case EM_RISCV:
      return "risc-v";
    case EM_PPC64:
      return "ppc64";
    case EM_S390:
      return "s390x";
    default:
      return "machine number " + std::to_string(machine);
  }
}

#if defined(__x86_64__)
constexpr unsigned kOurMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kOurMachine = EM_AARCH64;
#else
constexpr unsigned kOurMachine = EM_NONE;
#endif

// Why exec refused: its errno alone doesn't tell a person.
Error explainExecFailure(const fs::path& path, int error) {
  const std::string name = path.string();
  struct stat facts;
  if (::stat(path.c_str(), &facts) != 0) {
    return Error{
        ErrorKind::NotFound, "plugin-not-found", "there is no plugin at " + name, "build or install it", {}};
  }
  if (error == EACCES) {
    return Error{
        ErrorKind::Config,
        "plugin-not-executable",
        name + " can't be executed: " +
            ((facts.st_mode & 0111) == 0 ? "it has no executable bit"
                                         : "permission denied, or the file system is mounted noexec"),
        "chmod +x " + name,
        {}};
  }
  std::ifstream file(path, std::ios::binary);
  Elf64_Ehdr header{};
  file.read(reinterpret_cast<char*>(&header), sizeof header);
  const bool isElf = file.gcount() >= 20 && std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0;
  if (isElf && header.e_machine != kOurMachine) {
    return Error{ErrorKind::Config,
                 "plugin-wrong-architecture",
                 name + " is built for " + architectureName(header.e_machine) + ", this machine is " +
                     architectureName(kOurMachine),
                 "build it for this machine",
                 {}};
  }
  if (error == ENOEXEC) {
    return Error{ErrorKind::Config,
                 "plugin-not-executable",
                 name + " is no program: neither ELF nor a script with #!",
                 "name the built executable",
                 {}};
  }
  if (error == ENOENT) {
    return Error{
        ErrorKind::Config,
        "plugin-start-failed",
        name + " exists, but what starts it does not: the dynamic loader, or the interpreter after #!",
        "try `ldd " + name + "`",
        {}};
  }
  return Error{
      ErrorKind::Failed, "plugin-start-failed", "can't start " + name + ": " + std::strerror(error), {}, {}};
}

Error cantStart(const fs::path& path, const char* what) {
  return Error{ErrorKind::Failed,
               "plugin-start-failed",
               "can't start " + path.string() + ": " + what + ": " + std::strerror(errno),
               {},
               {}};
}

// Runs in the child between fork and exec: only calls that are safe there.
void prepareChild(pid_t host) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != host) ::_exit(127);  // the host died before the line above
  resetSignals();
  if (::chdir("/") != 0) ::_exit(127);
}

}  // namespace

Result<SpawnedPlugin> spawnPlugin(const fs::path& executable, const ProcessEnvironment& environment) {
  Pair socket;
  Pipe out = makePipe();
  Pipe err = makePipe();
  if (!makeSocketPair(socket)) return cantStart(executable, "socketpair");
  if (!out || !err) return cantStart(executable, "pipe");
  kj::AutoCloseFd null = raised(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (null.get() < 0) return cantStart(executable, "/dev/null");

  bp::environment childEnvironment;
  for (const auto& [name, value] : environment) childEnvironment[name] = value;
  const pid_t host = ::getpid();
  std::error_code failure;
  bp::child child(
      bp::exe = executable.string(), bp::args = std::vector<std::string>{}, childEnvironment,
      bp::posix::fd.bind(0, null.get()), bp::posix::fd.bind(1, out.write.get()),
      bp::posix::fd.bind(2, err.write.get()), bp::posix::fd.bind(3, socket.theirs.get()),
      bp::extend::on_exec_setup = [host](auto&) { prepareChild(host); }, failure);
  if (failure) return explainExecFailure(executable, failure.value());

  SpawnedPlugin plugin;
  plugin.pid = child.id();
  child.detach();  // it is waited for through its pidfd
  plugin.socket = kj::mv(socket.ours);
  plugin.out = kj::mv(out.read);
  plugin.err = kj::mv(err.read);
  plugin.pidfd = kj::AutoCloseFd(static_cast<int>(::syscall(SYS_pidfd_open, plugin.pid, 0)));
  if (plugin.pidfd.get() < 0) {
    Error error = cantStart(executable, "pidfd_open");
    ::kill(-plugin.pid, SIGKILL);
    ::waitpid(plugin.pid, nullptr, 0);
    return error;
  }
  return plugin;
}

ProcessEnvironment pluginEnvironment(const std::vector<std::string>& wanted) {
  static const std::vector<std::string> always = {
      "PATH",         "HOME",         "USER",          "LOGNAME",     "SHELL",         "LANG",
      "LC_*",         "TZ",           "TMPDIR",        "XDG_*",       "SSL_CERT_FILE", "SSL_CERT_DIR",
      "HTTP_PROXY",   "HTTPS_PROXY",  "NO_PROXY",      "http_proxy",  "https_proxy",   "no_proxy",
      "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"};
  auto admits = [](const std::vector<std::string>& patterns, std::string_view name) {
    for (const std::string& pattern : patterns) {
      if (pattern == name) return true;
      if (!pattern.empty() && pattern.back() == '*' &&
          name.substr(0, pattern.size() - 1) == pattern.substr(0, pattern.size() - 1)) {
        return true;
      }
    }
    return false;
  };
  ProcessEnvironment out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    std::string_view text(*entry);
    auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    auto name = text.substr(0, equals);
    if (admits(always, name) || admits(wanted, name)) out.emplace_back(name, text.substr(equals + 1));
  }
  return out;
}

std::string describeExit(int siCode, int siStatus) {
  if (siCode == CLD_EXITED) return "exited with status " + std::to_string(siStatus);
  return "was killed by signal " + std::to_string(siStatus) + " (" + ::strsignal(siStatus) + ")" +
         (siCode == CLD_DUMPED ? ", core dumped" : "");
}

}  // namespace cairn::host
