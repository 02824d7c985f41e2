#pragma once
// What a command is. Each lives in one file of commands/, named for its path ("plugin list": plugin_list.cc),
// which defines one function (makePluginList); the build makes the table from the file names.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/engine.h"
#include "cli/output/output.h"

namespace cairn::cli {

// What the program exits with; `exec` also with the code of what it ran.
enum class ExitCode : int { Done = 0, Failed = 1, Usage = 2, Refused = 3, Interrupted = 130 };

ExitCode exitCodeOf(ErrorKind kind);
ExitCode exitCodeOf(const RunReport& report);

struct Option {
  std::string names;  // "-f,--follow": the last is what ParsedOptions calls it, without the dashes
  std::string value;  // "FILE": takes one; empty: a switch
  std::string help;
  bool many = false;    // may be given several times
  bool number = false;  // the value must be one, from 0 on

  std::string key() const;  // "follow"
};

struct Argument {
  std::string name;  // "DEPLOYMENT"
  std::string help;
  bool required = false;
  bool many = false;      // takes all that is left
  bool verbatim = false;  // of a last one: what looks like an option is part of it too
  std::vector<std::string> choices = {};
};

// What was written on the command line.
class ParsedOptions {
 public:
  bool has(std::string_view key) const { return values_.contains(std::string(key)); }
  std::string text(std::string_view key) const;  // the last one given; empty when there is none
  uint32_t number(std::string_view key) const;
  std::vector<std::string> all(std::string_view key) const;
  void add(const std::string& key, std::string value) { values_[key].push_back(std::move(value)); }
  void set(const std::string& key) { values_[key]; }

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

struct CommandContext {
  const ParsedOptions& options;  // arguments are found by their name, too
  Output& output;
  const Clock& clock;
  const Interrupt& interrupt;
  Masker& masker;
  std::string directory;    // absolute: where the command works (-C)
  std::string commandLine;  // for records
  int stdinFd = 0;
  int stdoutFd = 1;
  int stderrFd = 2;

  // The house behind the commands, with the options that hold for all of them.
  Answer<std::unique_ptr<Engine>> engine() const;
};

struct Command {
  std::string path;         // "plugin list"
  std::string group;        // "Every day", "Looking", "Setting up"; empty: not shown
  std::string summary;      // one line
  std::string description;  // more, where it helps; may be empty
  std::string example;      // one, as typed
  std::vector<Option> options = {};
  std::vector<Argument> arguments = {};
  std::function<Answer<ExitCode>(CommandContext&)> run;
};

// All commands, by path. Made by the build.
const std::vector<Command>& commandTable();
// Options that every command takes.
const std::vector<Option>& globalOptions();

}  // namespace cairn::cli
