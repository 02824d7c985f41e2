// A run as a story in a terminal: stages that are over stand above as whole blocks, those that run are
// rewritten in place below, so that several apps at once never mix their lines.

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>

#include "cli/output/stage_block.h"
#include "cli/output/text.h"
#include "cli/output/text_output.h"

namespace cairn::cli {

namespace {

constexpr size_t kTailLines = 5;

struct Size {
  int columns = 80, rows = 24;
};

std::string up(size_t rows) {
  return rows > 0 ? "\x1b[" + std::to_string(rows) + "A\r" : "";
}

struct AppEnd {
  std::string app, reason, url;
  wire::Event::Outcome outcome;
};

class TerminalOutput final : public TextOutput {
 public:
  TerminalOutput(TextSink& out, TextSink& err, const Masker& masker, const Clock& clock, OutputStyle style)
      : TextOutput(out, err, masker, style), clock_(clock), marks_(style.unicode) {}

  void event(wire::Event::Reader event) override;
  int columns() const override { return size().columns; }
  bool isLive() const override { return true; }
  void tick() override;
  void lines(const Lines& lines) override { above(out_, masked(lines)); }
  void failure(const Failure& failure) override;
  void warning(const Error& error) override { above(err_, masked(errorLines(error, "warning"))); }

 private:
  Size size() const;
  Lines liveLines(Size size) const;
  size_t rowsDrawn(Size now) const;
  void erase();
  void draw();
  void above(TextSink& sink, const std::string& text);
  void say(const Lines& lines) { out_.write(masked(lines)); }

  StageBlock& blockOf(wire::Event::Reader event);
  void commit(const StageBlock& block);
  void commitAll(std::string_view app);
  void outsideStage(wire::Event::Reader event);
  void runStarted(wire::Event::RunStarted::Reader run);
  void appFinished(wire::Event::Reader event);
  void runFinished(wire::Event::RunFinished::Reader run);
  Lines summaryOf(wire::Event::RunFinished::Reader run) const;

  const Clock& clock_;
  const Marks marks_;
  std::mutex mutex_;  // tick() comes from another thread
  std::vector<std::unique_ptr<StageBlock>> running_;
  std::vector<AppEnd> ends_;
  std::string title_;
  std::vector<std::string> drawn_;  // lines on the screen that will be rewritten, as they were cut
};

Size TerminalOutput::size() const {
  winsize asked{};
  if (ioctl(style_.terminalFd, TIOCGWINSZ, &asked) == 0 && asked.ws_col > 0 && asked.ws_row > 0)
    return {asked.ws_col, asked.ws_row};
  Size size;
  if (style_.columns > 0) size.columns = style_.columns;
  if (style_.rows > 0) size.rows = style_.rows;
  return size;
}

// As much as fits: first without output, then with fewer lines, for what has scrolled away can't be
// rewritten.
Lines TerminalOutput::liveLines(Size size) const {
  size_t room = static_cast<size_t>(std::max(2, size.rows - 1));
  for (size_t tail : {kTailLines, size_t{0}}) {
    Lines lines;
    for (const auto& block : running_) {
      Lines more = block->live(marks_, clock_.unixMs(), tail);
      lines.insert(lines.end(), more.begin(), more.end());
    }
    if (lines.size() <= room) return lines;
    if (tail > 0) continue;
    Lines headers;
    for (const auto& block : running_) headers.push_back(block->live(marks_, clock_.unixMs(), 0)[0]);
    if (running_.size() == 1)
      headers.insert(headers.end(), lines.end() - static_cast<long>(room - 1), lines.end());
    if (headers.size() > room) {
      size_t hidden = headers.size() - (room - 1);
      headers.resize(room - 1);
      headers.push_back(Line("  and " + std::to_string(hidden) + " more", Tone::Dim));
    }
    return headers;
  }
  return {};
}

// Rows that the lines that were drawn take now: in a terminal that has become narrower each of them may have
// become several.
size_t TerminalOutput::rowsDrawn(Size now) const {
  size_t rows = 0;
  for (const std::string& line : drawn_) rows += style_.reflows ? rowsTaken(line, now.columns) : 1;
  return rows;
}

// The first row apart from the others: where it is the screen's first, too, tmux would take clearing from
// there on for a new page, and keep the old one in its history.
void TerminalOutput::erase() {
  if (!drawn_.empty()) out_.write(up(rowsDrawn(size())) + "\x1b[2K\n\x1b[J\x1b[1A");
  drawn_.clear();
}

// One write for all, so that a terminal shows either the old or the new.
void TerminalOutput::draw() {
  const Size now = size();
  const size_t before = rowsDrawn(now);
  const int width = std::max(1, now.columns - 1);  // some wrap as soon as the last column is full
  const Lines lines = liveLines(now);
  std::string text = up(before);
  drawn_.clear();
  for (const Line& line : lines) {
    text += "\x1b[2K" + line.render(style_.colour, width) + "\n";
    drawn_.push_back(line.render(false, width));
  }
  if (lines.size() < before) text += "\x1b[J";
  if (!text.empty()) out_.write(text);
}

void TerminalOutput::above(TextSink& sink, const std::string& text) {
  std::lock_guard lock(mutex_);
  erase();
  sink.write(text);
  draw();
}

void TerminalOutput::tick() {
  std::lock_guard lock(mutex_);
  if (!running_.empty()) draw();
}

void TerminalOutput::failure(const Failure& failure) {
  std::lock_guard lock(mutex_);
  commitAll("");  // the run is over, however far it came
  for (const Error& error : failure.errors) err_.write(masked(errorLines(error)));
}

StageBlock& TerminalOutput::blockOf(wire::Event::Reader event) {
  for (auto& block : running_) {
    if (block->app() == view(event.getApp()) && block->stage() == view(event.getStage())) return *block;
  }
  running_.push_back(std::make_unique<StageBlock>(string(event.getApp()), string(event.getStage()), masker_,
                                                  clock_.unixMs()));
  return *running_.back();
}

void TerminalOutput::commit(const StageBlock& block) {
  erase();
  say(block.finished(marks_, clock_.unixMs(), style_.verbose));
  std::erase_if(running_, [&](auto& other) { return other.get() == &block; });
}

void TerminalOutput::commitAll(std::string_view app) {
  for (size_t i = 0; i < running_.size();) {
    if (app.empty() || running_[i]->app() == app)
      commit(*running_[i]);
    else
      ++i;
  }
}

void TerminalOutput::runStarted(wire::Event::RunStarted::Reader run) {
  title_ = string(run.getCommand()) + " of " + string(run.getProject());
  Line line(title_, Tone::Strong);
  if (run.getWorkspace() != "default") line.add("  workspace " + string(run.getWorkspace()), Tone::Warn);
  say({line.add("  " + countText(run.getApps().size(), "app"), Tone::Dim)});
}

void TerminalOutput::appFinished(wire::Event::Reader event) {
  commitAll(view(event.getApp()));
  auto end = event.getAppFinished();
  ends_.push_back({string(event.getApp()), endText(end), string(end.getUrl()), end.getOutcome()});
}

Lines TerminalOutput::summaryOf(wire::Event::RunFinished::Reader run) const {
  std::vector<AppEnd> ends = ends_;
  for (auto url : run.getUrls()) {
    auto known =
        std::find_if(ends.begin(), ends.end(), [&](auto& end) { return end.app == view(url.getName()); });
    if (known == ends.end())
      ends.push_back({string(url.getName()), "", string(url.getValue()), wire::Event::Outcome::DONE});
    else if (known->url.empty())
      known->url = string(url.getValue());
  }
  int widest = 0;
  for (const AppEnd& end : ends) widest = std::max(widest, displayWidth(end.app));
  Lines lines;
  for (const AppEnd& end : ends) {
    bool done = end.outcome == wire::Event::Outcome::DONE;
    if (done && end.url.empty() && end.reason.empty()) continue;
    Line line("  " + end.app + std::string(static_cast<size_t>(widest - displayWidth(end.app)) + 2, ' '));
    if (!done)
      line.add(outcomeWord(end.outcome),
               end.outcome == wire::Event::Outcome::FAILED ? Tone::Bad : Tone::Warn);
    line.add(end.reason);
    if (!end.url.empty() && !(done && end.reason.empty())) line.add("  ");
    lines.push_back(line.add(end.url, Tone::Accent));
  }
  return lines;
}

void TerminalOutput::runFinished(wire::Event::RunFinished::Reader run) {
  commitAll("");
  say(summaryOf(run));
  bool good =
      run.getOutcome() == wire::Event::Outcome::DONE || run.getOutcome() == wire::Event::Outcome::UNCHANGED;
  say({Line(good ? marks_.done : marks_.failed, good ? Tone::Good : Tone::Bad)
           .add(" " + title_ + " ")
           .add(outcomeWord(run.getOutcome()), good ? Tone::Plain : Tone::Bad)
           .add(" in " + durationText(run.getDurationMs()), Tone::Dim)});
  ends_.clear();
  title_.clear();
}

// What belongs to no stage is told at once.
void TerminalOutput::outsideStage(wire::Event::Reader event) {
  if (event.isDiagnostic()) {
    auto diagnostic = event.getDiagnostic();
    Lines lines = errorLines(toError(diagnostic), severityWord(diagnostic.getSeverity()));
    (title_.empty() ? err_ : out_).write(masked(lines));
  } else if (event.isLogLine()) {
    say({logLineOf(event.getLogLine())});
  } else if (event.isTable()) {
    say(eventTableLines(event.getTable()));
  } else if (event.isNamedValues()) {
    say(namedValueLines(event.getNamedValues()));
  } else if (event.isLog() && (style_.verbose || event.getLog().getLevel() >= wire::LogLevel::WARN)) {
    say({Line(std::string(levelWord(event.getLog().getLevel())) + ": ", Tone::Dim)
             .add(view(event.getLog().getMessage()))});
  }
}

void TerminalOutput::event(wire::Event::Reader event) {
  std::lock_guard lock(mutex_);
  bool logsOnly = event.isLogLine() && title_.empty();  // `cairn logs` follows the app, no run is told
  if (event.getStage().size() > 0 && !logsOnly) {
    bool isNew = event.isStageStarted();
    StageBlock& block = blockOf(event);
    block.apply(event, clock_.unixMs(), style_.verbose);
    if (event.isStageFinished()) commit(block);
    if (isNew || event.isStageFinished()) draw();
    return;
  }
  erase();
  if (event.isRunStarted())
    runStarted(event.getRunStarted());
  else if (event.isAppFinished())
    appFinished(event);
  else if (event.isRunFinished())
    runFinished(event.getRunFinished());
  else
    outsideStage(event);
  draw();
}

}  // namespace

std::unique_ptr<Output> makeTerminalOutput(TextSink& out, TextSink& err, const Masker& masker,
                                           const Clock& clock, OutputStyle style) {
  return std::make_unique<TerminalOutput>(out, err, masker, clock, style);
}

}  // namespace cairn::cli
