#pragma once
// What the tests of the real programs have in common: a folder that goes away, conditions waited for with a
// deadline, and child processes that do not outlive the test.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace cairn::entrypoint::testing {

class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  std::string operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// Waits until `condition` holds; false after a minute.
bool eventually(const std::function<bool()>& condition);

// The whole of a file; empty when there is none.
std::string contentOf(const std::string& path);

bool alive(pid_t pid);

// A program that runs beside the test; killed at the end if it has not ended by itself.
class Child {
 public:
  // `environmentFd`: what the program can read from descriptor 9, where it is not empty.
  explicit Child(std::vector<std::string> argv, const std::string& onDescriptor9 = {});
  ~Child();
  Child(const Child&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  // Its exit code, or 128 + signal; waits for it.
  int wait();
  // The next line of its stdout; empty at the end.
  std::string readLine();
  std::string readAll();

 private:
  pid_t pid_ = 0;
  int output_ = -1;
  bool waited_ = false;
};

struct Outcome {
  int code = 0;
  std::string output;
};

// Runs a program to its end, stdout captured.
Outcome runProgram(std::vector<std::string> argv);

}  // namespace cairn::entrypoint::testing
