#pragma once
// One stage of one app as people see it: a header, one line a step, and what the stage wrote.

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "cli/output/line.h"
#include "cli/output/line_buffer.h"
#include "cli/output/masker.h"
#include "cli/output/story.h"

namespace cairn::cli {

// How marks and spinners look.
struct Marks {
  explicit Marks(bool unicode);
  std::string spinner(int64_t nowMs) const;

  std::string done, failed, skipped, bar;

 private:
  std::vector<std::string> frames_;
};

// Secrets are masked as they come in: what is kept here may be cut to fit a terminal.
class StageBlock {
 public:
  StageBlock(std::string app, std::string stage, const Masker& masker, int64_t nowMs)
      : app_(std::move(app)), stage_(std::move(stage)), masker_(masker), startedMs_(nowMs) {}

  const std::string& app() const { return app_; }
  const std::string& stage() const { return stage_; }

  // Takes any event of this stage. `verbose` keeps also what is only for the curious.
  void apply(wire::Event::Reader event, int64_t nowMs, bool verbose);

  // While it runs: header, steps, and the last `tail` lines of output.
  Lines live(const Marks& marks, int64_t nowMs, size_t tail) const;
  // When it is over. The output is told in full where it failed, or was asked for.
  Lines finished(const Marks& marks, int64_t nowMs, bool verbose) const;

 private:
  struct Step {
    std::string title, progress;
    int64_t startedMs = 0;
    uint64_t durationMs = 0;
    enum class State { Running, Done, Failed, Cancelled } state = State::Running;
  };
  struct Item {  // a step, or lines that something told between steps
    uint32_t step = 0;
    bool isStep = false;
    Lines lines;
  };

  Step& stepAt(uint32_t id, int64_t nowMs);
  void addLines(Lines lines) { items_.push_back({0, false, std::move(lines)}); }
  void addOutput(wire::Event::Output::Reader output);
  void keepOutput(std::string line);
  void finish(wire::Event::StageFinished::Reader finished);
  Line stepLine(const Step& step, const Marks& marks, int64_t nowMs, bool over) const;
  void addItems(Lines& lines, const Marks& marks, int64_t nowMs, bool over) const;
  bool isFailed() const { return outcome_ == wire::Event::Outcome::FAILED; }
  bool isCancelled() const { return outcome_ == wire::Event::Outcome::CANCELLED; }
  std::string mask(capnp::Text::Reader text) const { return masker_.mask(view(text)); }
  Lines masked(const Lines& lines) const;

  std::string app_, stage_;
  const Masker& masker_;
  std::string component_, summary_, url_;
  uint32_t sequence_ = 0;
  int64_t startedMs_;
  uint64_t durationMs_ = 0;
  bool over_ = false;
  wire::Event::Outcome outcome_ = wire::Event::Outcome::DONE;
  std::map<uint32_t, Step> steps_;
  std::vector<Item> items_;
  std::map<wire::Stream, LineBuffer> partial_;
  std::deque<std::string> output_;
  size_t outputBytes_ = 0, outputDropped_ = 0;
  std::vector<Line> logLines_;
  Lines diagnostics_;
};

}  // namespace cairn::cli
