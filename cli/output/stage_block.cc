#include "cli/output/stage_block.h"

#include <algorithm>

#include "cli/output/error_text.h"
#include "cli/output/text.h"

namespace cairn::cli {

namespace {

constexpr size_t kOutputKept = 256 * 1024;  // bytes a stage; a run may have many stages at once
constexpr size_t kLogLinesKept = 200;

void addIndented(Lines& to, const Lines& lines, std::string_view indent) {
  for (const Line& line : lines) to.push_back(Line(indent).append(line));
}

}  // namespace

Marks::Marks(bool unicode) {
  if (unicode) {
    done = "✓", failed = "✗", skipped = "–", bar = "│";
    frames_ = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
  } else {
    done = "+", failed = "x", skipped = "-", bar = "|";
    frames_ = {"|", "/", "-", "\\"};
  }
}

std::string Marks::spinner(int64_t nowMs) const {
  return frames_[static_cast<size_t>(nowMs / 100) % frames_.size()];
}

Lines StageBlock::masked(const Lines& lines) const {
  Lines out;
  for (const Line& line : lines)
    out.push_back(line.mapped([this](std::string_view text) { return masker_.mask(text); }));
  return out;
}

StageBlock::Step& StageBlock::stepAt(uint32_t id, int64_t nowMs) {
  auto [step, isNew] = steps_.try_emplace(id);
  if (isNew) {
    step->second.startedMs = nowMs;
    items_.push_back({id, true, {}});
  }
  return step->second;
}

void StageBlock::keepOutput(std::string line) {
  outputBytes_ += line.size() + 1;
  output_.push_back(std::move(line));
  while (outputBytes_ > kOutputKept) {
    outputBytes_ -= output_.front().size() + 1;
    output_.pop_front();
    ++outputDropped_;
  }
}

void StageBlock::addOutput(wire::Event::Output::Reader output) {
  auto bytes = output.getBytes();
  std::string_view text(reinterpret_cast<const char*>(bytes.begin()), bytes.size());
  for (const std::string& line : partial_[output.getStream()].feed(text, masker_))
    keepOutput(masker_.mask(line));
}

void StageBlock::finish(wire::Event::StageFinished::Reader finished) {
  over_ = true;
  outcome_ = finished.getOutcome();
  durationMs_ = finished.getDurationMs();
  summary_ = mask(finished.getSummary());
  url_ = mask(finished.getUrl());
  if (finished.getSequence() > 0) sequence_ = finished.getSequence();
  for (auto& [stream, partial] : partial_) {
    std::string rest = partial.rest();
    if (!rest.empty()) keepOutput(masker_.mask(rest));
  }
}

void StageBlock::apply(wire::Event::Reader event, int64_t nowMs, bool verbose) {
  if (event.isStageStarted()) {
    component_ = string(event.getStageStarted().getComponent());
    sequence_ = event.getStageStarted().getSequence();
    startedMs_ = nowMs;
  } else if (event.isStepStarted()) {
    stepAt(event.getStepStarted().getStep(), nowMs).title = mask(event.getStepStarted().getTitle());
  } else if (event.isStepProgress()) {
    auto progress = event.getStepProgress();
    Step& step = stepAt(progress.getStep(), nowMs);
    if (progress.getTitle().size() > 0) step.title = mask(progress.getTitle());
    step.progress = progressText(progress.getCurrent(), progress.getTotal(), view(progress.getUnit()));
  } else if (event.isStepFinished()) {
    auto finished = event.getStepFinished();
    Step& step = stepAt(finished.getStep(), nowMs);
    if (finished.getTitle().size() > 0) step.title = mask(finished.getTitle());
    step.state = finished.getCancelled() ? Step::State::Cancelled
                 : finished.getOk()      ? Step::State::Done
                                         : Step::State::Failed;
    step.durationMs = finished.getDurationMs();
  } else if (event.isOutput()) {
    addOutput(event.getOutput());
  } else if (event.isLogLine()) {
    logLines_.push_back(masked({logLineOf(event.getLogLine())})[0]);
    if (logLines_.size() > kLogLinesKept) logLines_.erase(logLines_.begin());
  } else if (event.isLog()) {
    auto log = event.getLog();
    bool warns = log.getLevel() >= wire::LogLevel::WARN;
    if (warns || verbose) {
      addLines({Line(std::string(levelWord(log.getLevel())) + ": ", warns ? Tone::Warn : Tone::Dim)
                    .add(mask(log.getMessage()))});
    }
  } else if (event.isTable()) {
    addLines(masked(eventTableLines(event.getTable())));
  } else if (event.isNamedValues()) {
    addLines(masked(namedValueLines(event.getNamedValues())));
  } else if (event.isDiagnostic()) {
    auto diagnostic = event.getDiagnostic();
    Lines lines = masked(errorLines(toError(diagnostic), severityWord(diagnostic.getSeverity())));
    diagnostics_.insert(diagnostics_.end(), lines.begin(), lines.end());
  } else if (event.isMapped() && verbose) {
    auto mapped = event.getMapped();
    addLines({Line("made " + string(mapped.getOutput()) + " with " + string(mapped.getMapper()), Tone::Dim)});
  } else if (event.isStageFinished()) {
    finish(event.getStageFinished());
  }
}

Line StageBlock::stepLine(const Step& step, const Marks& marks, int64_t nowMs, bool over) const {
  Line line("  ");
  bool running = step.state == Step::State::Running;
  bool cancelled = step.state == Step::State::Cancelled || (running && isCancelled());
  if (running && !over)
    line.add(marks.spinner(nowMs), Tone::Accent);
  else if (cancelled)
    line.add(marks.skipped, Tone::Warn);
  else if (step.state == Step::State::Failed || (running && isFailed()))
    line.add(marks.failed, Tone::Bad);
  else
    line.add(marks.done, Tone::Good);
  line.addFlexible(" " + step.title);
  if (cancelled && (over || !running)) line.add("  cancelled", Tone::Warn);
  if (running && !step.progress.empty()) line.add("  " + step.progress, Tone::Accent);
  uint64_t elapsed =
      running ? static_cast<uint64_t>(std::max<int64_t>(0, nowMs - step.startedMs)) : step.durationMs;
  return line.add("  " + durationText(elapsed), Tone::Dim);
}

void StageBlock::addItems(Lines& lines, const Marks& marks, int64_t nowMs, bool over) const {
  for (const Item& item : items_) {
    if (item.isStep)
      lines.push_back(stepLine(steps_.at(item.step), marks, nowMs, over));
    else
      addIndented(lines, item.lines, "    ");
  }
}

Lines StageBlock::live(const Marks& marks, int64_t nowMs, size_t tail) const {
  Line header(marks.spinner(nowMs) + " ", Tone::Accent);
  header.add(app_ + " " + stage_, Tone::Strong);
  if (!component_.empty()) header.addFlexible("  " + component_, Tone::Dim);
  header.add("  " + durationText(static_cast<uint64_t>(std::max<int64_t>(0, nowMs - startedMs_))), Tone::Dim);
  Lines lines{header};
  addItems(lines, marks, nowMs, false);
  for (size_t i = output_.size() - std::min(tail, output_.size()); i < output_.size(); ++i) {
    lines.push_back(Line("    " + marks.bar + " " + output_[i], Tone::Dim));
  }
  return lines;
}

Lines StageBlock::finished(const Marks& marks, int64_t nowMs, bool verbose) const {
  bool good = outcome_ == wire::Event::Outcome::DONE || outcome_ == wire::Event::Outcome::UNCHANGED;
  Line header;
  if (good && over_)
    header.add(marks.done, Tone::Good);
  else if (isFailed())
    header.add(marks.failed, Tone::Bad);
  else
    header.add(marks.skipped, Tone::Warn);
  header.add(" ").add(app_ + (stage_.empty() ? "" : " " + stage_), Tone::Strong);
  if (!component_.empty()) header.add("  " + component_, Tone::Dim);
  if (sequence_ > 0) header.add("  v" + std::to_string(sequence_));
  if (over_ && outcome_ != wire::Event::Outcome::DONE)
    header.add("  ").add(outcomeWord(outcome_), good ? Tone::Dim : Tone::Bad);
  if (!summary_.empty()) header.add("  " + summary_);
  if (over_) header.add("  " + durationText(durationMs_), Tone::Dim);
  if (!url_.empty()) header.add("  ").add(url_, Tone::Accent);
  Lines lines{header};
  addItems(lines, marks, nowMs, true);
  if ((verbose || !good) && !output_.empty()) {
    if (outputDropped_ > 0)
      lines.push_back(Line("    " + countText(outputDropped_, "earlier line") + " not kept", Tone::Dim));
    for (const std::string& line : output_)
      lines.push_back(Line("    " + marks.bar + " ", Tone::Dim).add(line));
  }
  if ((verbose || !good) && !logLines_.empty()) {
    lines.push_back(Line("    the app's last " + countText(logLines_.size(), "log line") + ":", Tone::Dim));
    for (const Line& line : logLines_)
      lines.push_back(Line("    " + marks.bar + " ", Tone::Dim).append(line));
  }
  addIndented(lines, diagnostics_, "  ");
  return lines;
}

}  // namespace cairn::cli
