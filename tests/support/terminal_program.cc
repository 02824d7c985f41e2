#include "tests/support/terminal_program.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>

namespace cairn::testing {
namespace {

constexpr int kPatienceMs = 30'000;

std::vector<char*> pointersTo(const std::vector<std::string>& words) {
  std::vector<char*> out;
  for (const auto& word : words) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

}  // namespace

TerminalProgram::TerminalProgram(const CairnHouse& house, std::vector<std::string> arguments,
                                 TerminalSize size, Reader reader)
    : reader_(std::move(reader)) {
  const auto words = house.commandLine(std::move(arguments));
  const auto variables = house.environment();
  const auto argv = pointersTo(words), envp = pointersTo(variables);
  const std::string folder = house.project();
  winsize window{};
  window.ws_col = size.columns;
  window.ws_row = size.rows;
  pid_ = ::forkpty(&fd_, nullptr, nullptr, &window);
  if (pid_ < 0) throw std::runtime_error("can't make a terminal");
  if (pid_ > 0) return;
  if (::chdir(folder.c_str()) == 0) ::execve(argv[0], argv.data(), envp.data());
  ::_exit(127);
}

TerminalProgram::~TerminalProgram() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(fd_);
}

void TerminalProgram::type(const std::string& keys) const {
  if (::write(fd_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
    throw std::runtime_error("can't type");
}

void TerminalProgram::resize(TerminalSize size) const {
  winsize window{};
  window.ws_col = size.columns;
  window.ws_row = size.rows;
  ::ioctl(fd_, TIOCSWINSZ, &window);
}

bool TerminalProgram::readSome() {
  pollfd ready{fd_, POLLIN, 0};
  if (::poll(&ready, 1, kPatienceMs) <= 0) return false;
  std::array<char, 4096> bytes;
  const ssize_t size = ::read(fd_, bytes.data(), bytes.size());
  if (size <= 0) return false;  // nobody has the other end
  const std::string text(bytes.data(), static_cast<size_t>(size));
  written_ += text;
  if (reader_) reader_(text);
  return true;
}

bool TerminalProgram::waitFor(const std::string& text) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatienceMs);
  size_t at = written_.find(text, found_);
  while (at == std::string::npos) {
    if (std::chrono::steady_clock::now() > end || !readSome()) return false;
    at = written_.find(text, found_);
  }
  found_ = at + text.size();
  return true;
}

int TerminalProgram::end() {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatienceMs);
  while (std::chrono::steady_clock::now() < limit && readSome()) continue;
  int status = 0;
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > limit) ::kill(pid_, SIGKILL);
    ::usleep(5'000);
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace cairn::testing
