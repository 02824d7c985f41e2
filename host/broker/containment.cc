#include "host/broker/containment.h"

#include "host/broker/descriptors.h"

#include <cairn/base/reset_signals.h>

#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/env.hpp>
#include <boost/process/error.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/posix.hpp>
#include <boost/process/start_dir.hpp>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace cairn::host {
namespace bp = boost::process;
namespace fs = std::filesystem;
namespace {

// Beside the program that runs, in an installed tree as in the build's.
fs::path containingProgram() {
  std::error_code ignored;
  return fs::read_symlink("/proc/self/exe", ignored).parent_path().parent_path() /
         "libexec/cairn/cairn-contain";
}

Error failedToStart(const std::string& program, const std::string& why, std::string hint) {
  return Error{
      ErrorKind::Failed, "command-failed-to-start", "can't run " + program + ": " + why, std::move(hint), {}};
}

// Runs in the child between fork and exec: only calls that are safe there.
void prepareChild(pid_t host) {
  ::setpgid(0, 0);
  resetSignals({SIGTERM});  // one that comes before it is awaited must wait too
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != host) ::_exit(127);  // the host died before the line above
}

// The errno of the command's exec, 0 when it runs; -1 where the containing process ended without a word.
int startReport(int fd) {
  int why = 0;
  ssize_t size = 0;
  while ((size = ::read(fd, &why, sizeof why)) < 0 && errno == EINTR) {
  }
  return size == sizeof why ? why : -1;
}

}  // namespace

Result<int> startContained(const ContainedLaunch& launch) {
  const std::string container = containingProgram().string();
  int report[2];
  if (::pipe2(report, O_CLOEXEC) != 0) return failedToStart(launch.program, "no pipe to be had", {});
  kj::AutoCloseFd ours = raised(report[0]), theirs = raised(report[1]);
  std::vector<std::string> arguments = {launch.program};
  arguments.insert(arguments.end(), launch.arguments.begin(), launch.arguments.end());
  bp::environment environment;
  for (const auto& [key, value] : launch.environment) environment[key] = value;
  const pid_t host = ::getpid();
  std::error_code failure;
  bp::child child(
      bp::exe = container, bp::args = arguments, environment, bp::start_dir(launch.folder.string()),
      bp::posix::fd.bind(0, launch.input), bp::posix::fd.bind(1, launch.output),
      bp::posix::fd.bind(2, launch.errors), bp::posix::fd.bind(3, theirs.get()),
      bp::extend::on_exec_setup = [host](auto&) { prepareChild(host); }, failure);
  if (failure) {
    return failedToStart(
        launch.program, container + ": " + failure.message(),
        "that program belongs to cairn: install cairn again, and move bin/ and libexec/ together");
  }
  const pid_t pid = child.id();
  child.detach();
  theirs = nullptr;
  const int why = startReport(ours.get());
  if (why == 0) return pid;
  if (why < 0) ::kill(pid, SIGTERM);  // should it only have closed its descriptor
  ::waitpid(pid, nullptr, 0);
  if (why < 0) return failedToStart(launch.program, container + " ended at once", {});
  return failedToStart(
      launch.program, std::generic_category().message(why),
      why == EACCES ? "chmod +x " + launch.program : "a script needs a first line such as #!/bin/sh");
}

}  // namespace cairn::host
