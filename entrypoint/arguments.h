#pragma once
// A small program's command line: `--name VALUE` or `--name=VALUE`, and after `--` somebody else's command.

#include <cairn/base/result.h>

#include <chrono>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::entrypoint {

class Arguments {
 public:
  // Reads `args`, which may use the options `known` (without dashes). Errors: Config/entrypoint-usage.
  static Result<Arguments> parse(std::span<char* const> args, std::initializer_list<std::string_view> known);

  std::optional<std::string> find(std::string_view name) const;
  // Errors: Config/entrypoint-usage when it is not given.
  Result<std::string> require(std::string_view name) const;
  // A time in seconds, fractions allowed. Errors: Config/entrypoint-usage when it is not a number from 0 to a
  // year.
  Result<std::chrono::milliseconds> seconds(std::string_view name, std::chrono::milliseconds otherwise) const;
  // A whole number from 0. Errors: as above.
  Result<int> number(std::string_view name, int otherwise) const;

  const std::vector<std::string>& command() const { return command_; }

 private:
  std::vector<std::pair<std::string, std::string>> options_;
  std::vector<std::string> command_;
};

// An Error of code entrypoint-usage.
Error usageError(std::string message, std::string hint = {});

// Prints `error` for a person, after the program's name, and returns the exit code: 2 for a wrong command
// line, else 1.
int reportError(std::string_view program, const Error& error);

}  // namespace cairn::entrypoint
