#pragma once
// Where a command says everything: the events of a run, its answer, and why it failed. Every text passes the
// masker.

#include <memory>
#include <string>
#include <string_view>

#include "cli/failure.h"
#include "cli/output/clock.h"
#include "cli/output/event_sink.h"
#include "cli/output/line.h"
#include "cli/output/masker.h"
#include "cli/output/table.h"
#include "cli/output/text_sink.h"

namespace cairn::cli {

class Output : public EventSink {
 public:
  // True: answers are given with json(), and text() is for nobody.
  virtual bool isJson() const = 0;
  // The command's answer, on stdout, for people.
  virtual void lines(const Lines& lines) = 0;
  // The command's answer for programs: one object, told as one line.
  virtual void json(std::string_view object) = 0;
  virtual void table(const Table& table) = 0;
  // On stderr; with --json on stdout, one object {"error": …} for each.
  virtual void failure(const Failure& failure) = 0;
  // Something to know that does not end the work. As failure().
  virtual void warning(const Error& error) = 0;
  // How wide the terminal is; 0: nobody reads it on one.
  virtual int columns() const { return 0; }
  // True: tick() moves spinners, and wants to be called ten times a second. It may be called from another
  // thread.
  virtual bool isLive() const { return false; }
  virtual void tick() {}

  void text(std::string_view line) { lines({Line(line)}); }
};

struct OutputStyle {
  bool colour = false;
  bool unicode = false;  // spinners and marks beyond ASCII
  bool verbose = false;
  int columns = 0;  // where the terminal doesn't tell its own
  int rows = 0;
  int terminalFd = -1;  // asked for its size each time
  bool reflows = true;  // a terminal that becomes narrower wraps what stands in it already
};

std::unique_ptr<Output> makePlainOutput(TextSink& out, TextSink& err, const Masker& masker,
                                        OutputStyle style);
std::unique_ptr<Output> makeJsonOutput(TextSink& out, const Masker& masker);
std::unique_ptr<Output> makeTerminalOutput(TextSink& out, TextSink& err, const Masker& masker,
                                           const Clock& clock, OutputStyle style);

}  // namespace cairn::cli
