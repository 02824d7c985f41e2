// One plain line an event: for logs of a CI, for pipes, for screen readers. No escape codes, nothing is
// rewritten.

#include <map>

#include "cli/output/line_buffer.h"
#include "cli/output/story.h"
#include "cli/output/text.h"
#include "cli/output/text_output.h"

namespace cairn::cli {

namespace {

class PlainOutput final : public TextOutput {
 public:
  using TextOutput::TextOutput;

  void event(wire::Event::Reader event) override;

 private:
  void say(wire::Event::Reader event, std::string_view text);
  void sayIndented(wire::Event::Reader event, const Lines& lines);
  void runStarted(wire::Event::Reader event);
  void stageStarted(wire::Event::Reader event);
  void stepStarted(wire::Event::Reader event);
  void stepProgress(wire::Event::Reader event);
  void output(wire::Event::Reader event);
  void logLine(wire::Event::Reader event);
  void flushOutput(const std::string& place);
  void log(wire::Event::Reader event);
  void diagnostic(wire::Event::Reader event);
  void stepFinished(wire::Event::Reader event);
  void stageFinished(wire::Event::Reader event);
  void appFinished(wire::Event::Reader event);
  void runFinished(wire::Event::Reader event);
  void resource(wire::Event::Reader event);
  void detail(wire::Event::Reader event);  // shown with -v only

  bool inRun_ = false;
  std::map<std::string, LineBuffer> partial_;                       // by place and stream
  std::map<std::pair<std::string, uint32_t>, std::string> titles_;  // of open steps, by place and step
};

void PlainOutput::say(wire::Event::Reader event, std::string_view text) {
  std::string place = placeText(event);
  lines({Line(place.empty() ? "" : place + ": ").add(text)});
}

void PlainOutput::sayIndented(wire::Event::Reader event, const Lines& all) {
  for (const Line& line : all) say(event, "  " + line.render(false));
}

void PlainOutput::output(wire::Event::Reader event) {
  auto bytes = event.getOutput().getBytes();
  std::string place = placeText(event);
  std::string key = place + (event.getOutput().getStream() == wire::Stream::STDERR ? "\n2" : "\n1");
  for (const std::string& line :
       partial_[key].feed({reinterpret_cast<const char*>(bytes.begin()), bytes.size()}, masker_)) {
    lines({Line(place + " | ").add(line)});
  }
}

void PlainOutput::flushOutput(const std::string& place) {
  for (const char* stream : {"\n1", "\n2"}) {
    auto found = partial_.find(place + stream);
    if (found == partial_.end()) continue;
    std::string rest = found->second.rest();
    if (!rest.empty()) lines({Line(place + " | ").add(rest)});
    partial_.erase(found);
  }
}

void PlainOutput::log(wire::Event::Reader event) {
  auto log = event.getLog();
  if (!style_.verbose && log.getLevel() < wire::LogLevel::WARN) return;
  say(event, std::string(levelWord(log.getLevel())) + ": " + string(log.getMessage()));
}

void PlainOutput::diagnostic(wire::Event::Reader event) {
  flushOutput(placeText(event));
  auto diagnostic = event.getDiagnostic();
  Lines all = errorLines(toError(diagnostic), severityWord(diagnostic.getSeverity()));
  std::string place = placeText(event);
  std::string text = (place.empty() ? "" : place + ": ") + masked(all);
  err_.write(text);
}

void PlainOutput::stepFinished(wire::Event::Reader event) {
  auto step = event.getStepFinished();
  auto title = titles_.extract({placeText(event), step.getStep()});
  std::string text = step.getTitle().size() > 0 ? string(step.getTitle())
                     : title.empty()            ? "step"
                                                : title.mapped();
  const char* how = step.getCancelled() ? ": cancelled after "
                    : step.getOk()      ? ": done in "
                                        : ": FAILED after ";
  say(event, text + how + durationText(step.getDurationMs()));
}

void PlainOutput::stageFinished(wire::Event::Reader event) {
  flushOutput(placeText(event));
  auto stage = event.getStageFinished();
  std::string text(outcomeWord(stage.getOutcome()));
  text += " in " + durationText(stage.getDurationMs());
  if (stage.getSequence() > 0) text += ", v" + std::to_string(stage.getSequence());
  if (stage.getSummary().size() > 0) text += ", " + string(stage.getSummary());
  if (stage.getUrl().size() > 0) text += ", " + string(stage.getUrl());
  say(event, text);
}

void PlainOutput::appFinished(wire::Event::Reader event) {
  auto app = event.getAppFinished();
  std::string text(outcomeWord(app.getOutcome()));
  text += endText(app);
  if (app.getUrl().size() > 0) text += ", " + string(app.getUrl());
  say(event, text);
}

void PlainOutput::runFinished(wire::Event::Reader event) {
  while (!partial_.empty())
    flushOutput(partial_.begin()->first.substr(0, partial_.begin()->first.find('\n')));
  auto run = event.getRunFinished();
  say(event, std::string(outcomeWord(run.getOutcome())) + " in " + durationText(run.getDurationMs()));
  inRun_ = false;
}

void PlainOutput::runStarted(wire::Event::Reader event) {
  auto run = event.getRunStarted();
  inRun_ = true;
  say(event, string(run.getCommand()) + " of " + string(run.getProject()) + ", workspace " +
                 string(run.getWorkspace()));
}

void PlainOutput::stageStarted(wire::Event::Reader event) {
  auto stage = event.getStageStarted();
  std::string number = stage.getSequence() > 0 ? " v" + std::to_string(stage.getSequence()) : "";
  say(event, "started" + number + " with " + string(stage.getComponent()));
}

void PlainOutput::stepStarted(wire::Event::Reader event) {
  auto step = event.getStepStarted();
  titles_[{placeText(event), step.getStep()}] = string(step.getTitle());
  say(event, view(step.getTitle()));
}

// Would be a line for each percent: only a changed title is kept.
void PlainOutput::stepProgress(wire::Event::Reader event) {
  auto step = event.getStepProgress();
  if (step.getTitle().size() > 0) titles_[{placeText(event), step.getStep()}] = string(step.getTitle());
}

void PlainOutput::logLine(wire::Event::Reader event) {
  Line line = logLineOf(event.getLogLine());
  if (inRun_) return say(event, "log | " + line.render(false));
  lines({line});
}

void PlainOutput::resource(wire::Event::Reader event) {
  auto resource = event.getResource();
  constexpr const char* kWhat[] = {"will make", "made", "removed"};
  auto what = static_cast<size_t>(resource.getWhat());
  say(event, std::string(what < 3 ? kWhat[what] : "changed") + " " + string(resource.getKind()) + " " +
                 string(resource.getName()));
}

void PlainOutput::detail(wire::Event::Reader event) {
  if (!style_.verbose) return;
  if (event.isResource()) return resource(event);
  if (event.isMapped())
    say(event,
        "made " + string(event.getMapped().getOutput()) + " with " + string(event.getMapped().getMapper()));
  if (event.isSecretRead()) say(event, "read secret " + string(event.getSecretRead()));
}

void PlainOutput::event(wire::Event::Reader event) {
  switch (event.which()) {
    case wire::Event::RUN_STARTED:
      return runStarted(event);
    case wire::Event::STAGE_STARTED:
      return stageStarted(event);
    case wire::Event::STEP_STARTED:
      return stepStarted(event);
    case wire::Event::STEP_PROGRESS:
      return stepProgress(event);
    case wire::Event::STEP_FINISHED:
      return stepFinished(event);
    case wire::Event::OUTPUT:
      return output(event);
    case wire::Event::LOG_LINE:
      return logLine(event);
    case wire::Event::LOG:
      return log(event);
    case wire::Event::TABLE:
      return sayIndented(event, eventTableLines(event.getTable()));
    case wire::Event::NAMED_VALUES:
      return sayIndented(event, namedValueLines(event.getNamedValues()));
    case wire::Event::DIAGNOSTIC:
      return diagnostic(event);
    case wire::Event::STAGE_FINISHED:
      return stageFinished(event);
    case wire::Event::APP_FINISHED:
      return appFinished(event);
    case wire::Event::RUN_FINISHED:
      return runFinished(event);
    case wire::Event::APP_STARTED:
      return;
    case wire::Event::RESOURCE:
    case wire::Event::MAPPED:
    case wire::Event::SECRET_READ:
      return detail(event);
  }
}

}  // namespace

std::unique_ptr<Output> makePlainOutput(TextSink& out, TextSink& err, const Masker& masker,
                                        OutputStyle style) {
  style.colour = false;
  return std::make_unique<PlainOutput>(out, err, masker, style);
}

}  // namespace cairn::cli
