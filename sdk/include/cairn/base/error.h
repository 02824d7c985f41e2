#pragma once
// What went wrong, as data: something its reader can act on.
//
// Depends on nothing; usable from C++17.

#include <string>
#include <utility>
#include <vector>

namespace cairn {

// What the reader of an error should do next. The program's exit code follows from it.
enum class ErrorKind {
  Config,       // a file, a setting or a flag is wrong: mend it (exit 2)
  NotFound,     // what was named does not exist (exit 1; 2 where a flag named it)
  Refused,      // a rule, a gate, a stale plan or another run says no (exit 3)
  Failed,       // the outside world said no: a build, a push, a probe (exit 1)
  Unavailable,  // a peer can't be reached: no dockerd, no registry (exit 1)
  Deadline,     // it took longer than it may (exit 1)
  Cancelled,    // somebody asked to stop (exit 130)
  Died,         // a plugin ended in the middle of a call (exit 1)
  Internal,     // a bug in Cairn or in a plugin (exit 1)
};

// A place in a file a person wrote. `line` and `column` count from 1; 0 means not known.
struct SourcePosition {
  std::string file;
  int line = 0;
  int column = 0;

  bool known() const { return !file.empty(); }
  // "cairn.toml:12:3", or as much of it as is known.
  std::string text() const {
    std::string out = file;
    if (line > 0) out += ':' + std::to_string(line);
    if (line > 0 && column > 0) out += ':' + std::to_string(column);
    return out;
  }
};

struct Error {
  ErrorKind kind = ErrorKind::Internal;
  // Stable, in kebab-case, e.g. "unknown-key"; `cairn explain CODE` tells about it. A plugin's own codes
  // start with its name: "docker/build-failed".
  std::string code;
  std::string message;           // what happened, to what: one sentence without a full stop
  std::string hint;              // what to try; may be empty
  std::string detail;            // many lines: stderr's tail, a build log's end; may be empty
  SourcePosition position;       // where in the user's file; may be unknown
  std::string settingPath;       // the setting in question, "app.web.deploy.port"; may be empty
  std::vector<std::string> via;  // one line for each layer it passed, innermost first

  // Adds a line of context as the error passes up.
  Error&& context(std::string line) && {
    via.push_back(std::move(line));
    return std::move(*this);
  }
};

}  // namespace cairn
