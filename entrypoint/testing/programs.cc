#include "entrypoint/testing/programs.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

namespace cairn::entrypoint::testing {

TempFolder::TempFolder() {
  std::string name = std::filesystem::temp_directory_path() / "cairn-entrypoint-XXXXXX";
  path_ = ::mkdtemp(name.data());
}

TempFolder::~TempFolder() {
  std::filesystem::remove_all(path_);
}

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

std::string contentOf(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool alive(pid_t pid) {
  const std::string stat = contentOf("/proc/" + std::to_string(pid) + "/stat");
  const size_t name = stat.rfind(')');
  return name != std::string::npos && stat.substr(name + 2, 1) != "Z";
}

Child::Child(std::vector<std::string> argv, const std::string& onDescriptor9) {
  int output[2];
  int input[2];
  if (::pipe2(output, O_CLOEXEC) != 0 || ::pipe2(input, O_CLOEXEC) != 0) std::abort();
  std::vector<char*> pointers;
  for (std::string& word : argv) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(output[1], STDOUT_FILENO);
    if (!onDescriptor9.empty()) ::dup2(input[0], 9);
    ::execv(pointers[0], pointers.data());
    ::_exit(127);
  }
  ::close(output[1]);
  ::close(input[0]);
  output_ = output[0];
  if (::write(input[1], onDescriptor9.data(), onDescriptor9.size()) < 0) std::abort();
  ::close(input[1]);
}

Child::~Child() {
  if (!waited_) {
    signal(SIGTERM);
    // A supervisor has an app to end before it ends itself.
    eventually([&] { return !alive(pid_); });
    signal(SIGKILL);
    wait();
  }
  ::close(output_);
}

void Child::signal(int number) const {
  if (!waited_) ::kill(pid_, number);
}

int Child::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  waited_ = true;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string Child::readLine() {
  std::string line;
  char c = 0;
  while (::read(output_, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

std::string Child::readAll() {
  std::string out;
  char buffer[4096];
  for (ssize_t n; (n = ::read(output_, buffer, sizeof buffer)) > 0;)
    out.append(buffer, static_cast<size_t>(n));
  return out;
}

Outcome runProgram(std::vector<std::string> argv) {
  Child child(std::move(argv));
  Outcome out;
  out.output = child.readAll();
  out.code = child.wait();
  return out;
}

}  // namespace cairn::entrypoint::testing
