#include "sdk/src/testing/services.h"

#include "sdk/src/call_channel.h"
#include "sdk/src/testing/recording_host.h"

#include <cairn/base/process_stat.h>

#include <kj/debug.h>
#include <kj/io.h>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

namespace cairn::testing::detail {
namespace {

// A descriptor that reads as `input` and then ends.
kj::AutoCloseFd descriptorOf(const std::string& input) {
  int fd;
  KJ_SYSCALL(fd = ::memfd_create("input", MFD_CLOEXEC));
  kj::AutoCloseFd file(fd);
  KJ_SYSCALL(::write(fd, input.data(), input.size()));
  KJ_SYSCALL(::lseek(fd, 0, SEEK_SET));
  return file;
}

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (auto& string : strings) result.push_back(const_cast<char*>(string.c_str()));
  result.push_back(nullptr);
  return result;
}

int spawn(const std::vector<std::string>& argv, const std::vector<std::string>& environment,
          const std::string& output, int inputFd) {
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, 1, output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::posix_spawn_file_actions_adddup2(&files, 1, 2);
  ::posix_spawn_file_actions_adddup2(&files, inputFd, 3);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  int pid = 0;
  int error = ::posix_spawn(&pid, argv.at(0).c_str(), &files, &attributes, pointers(argv).data(),
                            pointers(environment).data());
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&attributes);
  KJ_REQUIRE(error == 0, "can't start the service", argv.at(0), strerror(error));
  return pid;
}

class HostServices final : public wire::Services::Server {
 public:
  HostServices(Services& services, Notes& notes, std::string journal)
      : services_(services), notes_(notes), journal_(std::move(journal)) {}

  kj::Promise<void> start(StartContext context) override {
    auto params = context.getParams();
    std::vector<std::string> argv, environment;
    for (auto word : params.getArgv()) argv.push_back(cairn::detail::toString(word));
    for (auto entry : params.getEnv())
      environment.push_back(kj::str(entry.getName(), '=', entry.getValue()).cStr());
    auto input = params.getInput();
    auto name = cairn::detail::toString(params.getName());
    auto resource = noteResource(notes_, journal_, "service", name);
    auto& service = services_.start(name, argv, environment,
                                    {reinterpret_cast<const char*>(input.begin()), input.size()});
    service.resource = resource;
    notes_.with([&](Record& record) {
      record.resources[resource - 1].created = true;
      record.resources[resource - 1].resource.id = std::to_string(service.pid);
    });
    write(service, context.getResults().initService());
    return kj::READY_NOW;
  }
  kj::Promise<void> find(FindContext context) override {
    if (auto service = services_.find(cairn::detail::toString(context.getParams().getName()))) {
      write(*service, context.getResults().initService());
      context.getResults().setRunning(services_.running(*service));
    }
    return kj::READY_NOW;
  }
  kj::Promise<void> stop(StopContext context) override {
    auto name = cairn::detail::toString(context.getParams().getName());
    auto service = services_.find(name);
    if (service == nullptr) return kj::READY_NOW;
    context.getResults().setWasRunning(services_.running(*service));
    auto resource = service->resource;
    return services_.stop(name, context.getParams().getGraceMs() * kj::MILLISECONDS).then([this, resource] {
      notes_.with([&](Record& record) { record.resources[resource - 1].removed = true; });
    });
  }

 private:
  static void write(const RunningService& service, wire::Service::Builder out) {
    out.setName(service.name);
    out.setPid(service.pid);
    out.setStartTime(service.startTime);
    out.setOutputPath(service.output.string());
    out.setResource(service.resource);
  }

  Services& services_;
  Notes& notes_;
  std::string journal_;
};

}  // namespace

Services::~Services() {
  for (auto& [name, service] : services_) {
    if (!running(service)) continue;
    ::kill(-service.pid, SIGKILL);
    ::waitpid(service.pid, nullptr, 0);
  }
}

RunningService& Services::start(const std::string& name, const std::vector<std::string>& argv,
                                const std::vector<std::string>& environment, const std::string& input) {
  std::filesystem::create_directories(outputDir_);
  auto output = outputDir_ / (name + ".log");
  auto inputFd = descriptorOf(input);
  int pid = spawn(argv, environment, output, inputFd);
  ended_.erase(pid);
  return services_[name] = {name, pid, processStat(pid).value_or(ProcessStat()).startTime, output, 0};
}

RunningService* Services::find(const std::string& name) {
  auto found = services_.find(name);
  return found == services_.end() ? nullptr : &found->second;
}

bool Services::running(const RunningService& service) {
  if (ended_.count(service.pid) > 0) return false;
  if (::waitpid(service.pid, nullptr, WNOHANG) != service.pid) return true;
  ended_[service.pid] = true;
  return false;
}

kj::Promise<void> Services::stop(const std::string& name, kj::Duration grace) {
  auto service = find(name);
  if (!running(*service)) return kj::READY_NOW;
  ::kill(-service->pid, SIGTERM);
  return waitForEnd(service->pid, timer_.now() + grace);
}

kj::Promise<void> Services::waitForEnd(int pid, kj::TimePoint killAt) {
  if (!running({.name = "", .pid = pid})) return kj::READY_NOW;
  if (timer_.now() >= killAt) ::kill(-pid, SIGKILL);
  return timer_.afterDelay(2 * kj::MILLISECONDS).then([this, pid, killAt] {
    return waitForEnd(pid, killAt);
  });
}

wire::Services::Client makeServices(Services& services, Notes& notes, std::string journal) {
  return kj::heap<HostServices>(services, notes, std::move(journal));
}

}  // namespace cairn::testing::detail
