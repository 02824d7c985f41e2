#pragma once
// A program of a house at a terminal whose user types and changes the window's size.
//
//   TerminalProgram shell(house, {"exec", "--", "sh"}, {.columns = 40, .rows = 15});
//   shell.waitFor("$ ");
//   shell.type("exit\r");
//   EXPECT_EQ(shell.end(), 0);

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/support/cairn_house.h"

namespace cairn::testing {

struct TerminalSize {
  unsigned short columns = 80, rows = 24;
};

class TerminalProgram {
 public:
  // Called with what the program has written since the last call.
  using Reader = std::function<void(const std::string&)>;

  // `cairn` with these arguments, in the house's project.
  TerminalProgram(const CairnHouse& house, std::vector<std::string> arguments, TerminalSize size,
                  Reader reader = {});
  ~TerminalProgram();  // kills what still runs
  TerminalProgram(const TerminalProgram&) = delete;

  void type(const std::string& keys) const;
  void resize(TerminalSize size) const;
  // Reads until `text` was written, counted from the end of the last one found. False: the program ended, or
  // 30 seconds went by.
  bool waitFor(const std::string& text);
  // Reads to the program's end. Its exit code; 128 + signal where one ended it, as SIGKILL does one that has
  // not ended after 30 seconds.
  int end();
  // Everything it wrote.
  const std::string& written() const { return written_; }

 private:
  bool readSome();

  pid_t pid_ = -1;
  int fd_ = -1;
  Reader reader_;
  std::string written_;
  size_t found_ = 0;
};

}  // namespace cairn::testing
