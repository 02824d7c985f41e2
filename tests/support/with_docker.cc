// with-docker COMMAND…: runs it with an engine and a registry of its own, at DOCKER_HOST and REGISTRY
// ("127.0.0.1:40123"). With REGISTRY_USER and REGISTRY_PASSWORD the registry lets nobody else in.
//
// Exits as the command did; with 77 where no engine can be started, with 1 when the command left containers
// or networks.

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <string>

#include "tests/support/private_docker.h"

namespace cairn::testing {
namespace {

int run(char** argv) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::execvp(argv[0], argv);
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int tellLeftovers(const PrivateDocker& docker) {
  int left = 0;
  for (const std::string& name : docker.containers())
    left += std::fprintf(stderr, "container %s was left\n", name.c_str()) > 0;
  for (const std::string& name : docker.networks())
    left += std::fprintf(stderr, "network %s was left\n", name.c_str()) > 0;
  return left > 0 ? 1 : 0;
}

std::string fromEnvironment(const char* name) {
  const char* value = ::getenv(name);
  return value != nullptr ? value : "";
}

int runWithDocker(char** argv) {
  for (const std::string& reason : {PrivateDocker::missing(), PrivateRegistry::missing()}) {
    if (reason.empty()) continue;
    std::fprintf(stderr, "skipped: %s\n", reason.c_str());
    return 77;
  }
  PrivateDocker docker;
  PrivateRegistry registry(fromEnvironment("REGISTRY_USER"), fromEnvironment("REGISTRY_PASSWORD"));
  ::setenv("DOCKER_HOST", docker.host().c_str(), 1);
  ::setenv("REGISTRY", registry.address().c_str(), 1);
  const int code = run(argv);
  return code != 0 ? code : tellLeftovers(docker);
}

}  // namespace
}  // namespace cairn::testing

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "with-docker COMMAND…\n"), 2;
  try {
    return cairn::testing::runWithDocker(argv + 1);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "with-docker: %s\n", error.what());
    return 1;
  }
}
