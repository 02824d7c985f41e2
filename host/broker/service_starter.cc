#include "host/broker/service_starter.h"

#include "host/broker/descriptors.h"
#include "host/broker/private_folder.h"

#include <cairn/base/process_stat.h>
#include <cairn/base/reset_signals.h>

#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/env.hpp>
#include <boost/process/error.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/posix.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace cairn::host {
namespace bp = boost::process;
namespace fs = std::filesystem;
namespace {

constexpr char kMarkerName[] = "CAIRN_SERVICE";

std::string readAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string bootId() {
  std::string id = readAll("/proc/sys/kernel/random/boot_id");
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

Error cannotStart(const ServiceLaunch& launch, const std::string& why) {
  return Error{ErrorKind::Failed,
               "service-start-failed",
               "can't start the service " + (launch.argv.empty() ? "" : launch.argv[0]) + ": " + why,
               "what it is started with comes from the plugin: report it to its author",
               {}};
}

kj::AutoCloseFd openHigh(const fs::path& path, int flags) {
  return raised(::open(path.c_str(), flags | O_CLOEXEC, 0600));
}

}  // namespace

std::string ServiceIdentity::text() const {
  return std::to_string(pid) + " " + std::to_string(startTime) + " " + bootId;
}

std::optional<ServiceIdentity> ServiceIdentity::parse(const std::string& text) {
  ServiceIdentity identity;
  std::istringstream in(text);
  if (!(in >> identity.pid >> identity.startTime >> identity.bootId)) return std::nullopt;
  return identity;
}

Result<ServiceIdentity> startService(const ServiceLaunch& launch) {
  if (launch.argv.empty() || launch.argv[0].empty() || launch.argv[0][0] != '/') {
    return cannotStart(launch, "its program must be an absolute path");
  }
  std::error_code failure, nothingSaid;
  createPrivateFolders(launch.output.parent_path(), failure);
  kj::AutoCloseFd null = openHigh("/dev/null", O_RDONLY);
  if (null.get() < 0) return cannotStart(launch, std::string("/dev/null: ") + std::strerror(errno));
  kj::AutoCloseFd output = openHigh(launch.output, O_WRONLY | O_CREAT | O_APPEND);
  if (output.get() < 0) return cannotStart(launch, launch.output.string() + ": " + std::strerror(errno));
  kj::AutoCloseFd input = fileOf(launch.input);
  if (input.get() < 0)
    return cannotStart(launch, std::string("no memory for its input: ") + std::strerror(errno));

  bp::environment environment;
  for (const auto& [name, value] : launch.environment) environment[name] = value;
  environment[kMarkerName] = launch.marker;
  bp::child child(
      bp::exe = launch.argv[0],
      bp::args = std::vector<std::string>(launch.argv.begin() + 1, launch.argv.end()), environment,
      bp::posix::fd.bind(0, null.get()), bp::posix::fd.bind(1, output.get()),
      bp::posix::fd.bind(2, output.get()), bp::posix::fd.bind(3, input.get()),
      bp::extend::on_exec_setup =
          [](auto&) {
            ::setsid();
            resetSignals();
          },
      failure);
  if (failure) {
    // Nothing was started that could say something.
    if (fs::is_empty(launch.output, nothingSaid)) fs::remove(launch.output, nothingSaid);
    return cannotStart(launch, failure.message());
  }
  ServiceIdentity identity;
  identity.pid = child.id();
  child.detach();
  auto facts = processStat(identity.pid);
  if (!facts) return cannotStart(launch, "it ended at once; see " + launch.output.string());
  identity.startTime = facts->startTime;
  identity.bootId = bootId();
  return identity;
}

bool isRunning(const ServiceIdentity& identity) {
  if (identity.pid <= 0) return false;
  siginfo_t ignored{};
  ::waitid(P_PID, static_cast<id_t>(identity.pid), &ignored,
           WEXITED | WNOHANG);  // reaps our own, if it is ours
  auto facts = processStat(identity.pid);
  return facts && !facts->hasEnded() && facts->startTime == identity.startTime && bootId() == identity.bootId;
}

std::optional<ServiceIdentity> findService(const std::string& marker) {
  const std::string wanted = std::string(kMarkerName) + "=" + marker;
  std::error_code failure;
  for (fs::directory_iterator it("/proc", failure), end; !failure && it != end; it.increment(failure)) {
    const std::string name = it->path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::istringstream environment(readAll(it->path() / "environ"));
    for (std::string entry; std::getline(environment, entry, '\0');) {
      if (entry != wanted) continue;
      int pid = std::stoi(name);
      // What it started has its environment too, but only it leads the session.
      if (auto facts = processStat(pid); facts && !facts->hasEnded() && facts->session == pid)
        return ServiceIdentity{pid, facts->startTime, bootId()};
    }
  }
  return std::nullopt;
}

kj::Promise<bool> stopService(ServiceIdentity identity, kj::Duration grace, kj::Timer& timer,
                              kj::UnixEventPort& port) {
  if (!isRunning(identity)) return false;
  kj::AutoCloseFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, identity.pid, 0)));
  // Opened before the check below, so that the process it names can't be another one.
  if (pidfd.get() < 0 || !isRunning(identity)) return false;
  ::kill(-identity.pid, SIGTERM);
  auto observer =
      kj::heap<kj::UnixEventPort::FdObserver>(port, pidfd.get(), kj::UnixEventPort::FdObserver::OBSERVE_READ);
  auto gone = observer->whenBecomesReadable().fork();
  auto killed = timer.afterDelay(grace).then([pid = identity.pid, branch = gone.addBranch()]() mutable {
    ::kill(-pid, SIGKILL);
    return kj::mv(branch);
  });
  return gone.addBranch()
      .exclusiveJoin(kj::mv(killed))
      .then([identity] {
        ::kill(-identity.pid, SIGKILL);  // what its group left behind
        isRunning(identity);             // reaps it
        return true;
      })
      .attach(kj::mv(gone))
      .attach(kj::mv(observer))  // it takes the descriptor off the loop, and so must go before it
      .attach(kj::mv(pidfd));
}

}  // namespace cairn::host
