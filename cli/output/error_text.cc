#include "cli/output/error_text.h"

#include <algorithm>
#include <fstream>
#include <optional>

#include "cli/output/json_text.h"
#include "cli/output/text.h"

namespace cairn::cli {

namespace {

std::optional<std::string> readLine(const std::string& file, int wanted) {
  std::ifstream in(file);
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (number == wanted) return line;
  }
  return std::nullopt;
}

// What stands before `column`, as blanks of the same width.
std::string blanksBefore(const std::string& line, int column) {
  size_t bytes = column > 1 ? std::min<size_t>(column - 1, line.size()) : 0;
  return std::string(displayWidth(cleanText(line.substr(0, bytes))), ' ');
}

void addPosition(Lines& lines, const SourcePosition& position) {
  if (!position.known()) return;
  lines.push_back(Line("  at ", Tone::Dim).add(position.text(), Tone::Accent));
  auto source = position.line > 0 ? readLine(position.file, position.line) : std::nullopt;
  if (!source) return;
  std::string number = std::to_string(position.line);
  lines.push_back(Line("  " + number + " | ", Tone::Dim).add(*source));
  if (position.column == 0) return;
  lines.push_back(Line("  " + std::string(number.size(), ' ') + " | ", Tone::Dim)
                      .add(blanksBefore(*source, position.column))
                      .add("^", Tone::Bad));
}

ErrorKind kindOf(wire::Diagnostic::Kind kind) {
  switch (kind) {
    case wire::Diagnostic::Kind::INTERNAL:
      return ErrorKind::Internal;
    case wire::Diagnostic::Kind::CONFIG:
      return ErrorKind::Config;
    case wire::Diagnostic::Kind::NOT_FOUND:
      return ErrorKind::NotFound;
    case wire::Diagnostic::Kind::REFUSED:
      return ErrorKind::Refused;
    case wire::Diagnostic::Kind::FAILED:
      return ErrorKind::Failed;
    case wire::Diagnostic::Kind::UNAVAILABLE:
      return ErrorKind::Unavailable;
    case wire::Diagnostic::Kind::DEADLINE:
      return ErrorKind::Deadline;
    case wire::Diagnostic::Kind::CANCELLED:
      return ErrorKind::Cancelled;
    case wire::Diagnostic::Kind::DIED:
      return ErrorKind::Died;
  }
  return ErrorKind::Internal;  // of a newer protocol
}

}  // namespace

Lines errorLines(const Error& error, std::string_view word) {
  Tone tone = word == "error" ? Tone::Bad : Tone::Warn;
  Lines lines;
  auto message = splitLines(error.message);
  lines.push_back(
      Line(std::string(word) + ": ", tone).add(message.empty() ? "unknown" : message[0], Tone::Strong));
  for (size_t i = 1; i < message.size(); ++i) lines.push_back(Line("  ").add(message[i]));
  addPosition(lines, error.position);
  if (!error.settingPath.empty() && !error.position.known()) {
    lines.push_back(Line("  setting ", Tone::Dim).add(error.settingPath, Tone::Accent));
  }
  for (std::string_view line : splitLines(error.detail)) lines.push_back(Line("  | ", Tone::Dim).add(line));
  for (const std::string& via : error.via) lines.push_back(Line("  via ", Tone::Dim).add(via));
  for (std::string_view line : splitLines(error.hint))
    lines.push_back(Line("  hint: ", Tone::Good).add(line));
  if (!error.code.empty()) lines.push_back(Line("  more: cairn explain " + error.code, Tone::Dim));
  return lines;
}

std::string errorJson(const Error& error) {
  JsonObject object;
  object.add("kind", kindName(error.kind)).add("code", error.code).add("message", error.message);
  if (!error.hint.empty()) object.add("hint", error.hint);
  if (!error.detail.empty()) object.add("detail", error.detail);
  if (error.position.known()) object.add("file", error.position.file);
  if (error.position.line > 0) object.add("line", int64_t{error.position.line});
  if (error.position.column > 0) object.add("column", int64_t{error.position.column});
  if (!error.settingPath.empty()) object.add("setting", error.settingPath);
  if (!error.via.empty()) object.addJson("via", jsonList(error.via));
  return object.text();
}

Error toError(wire::Diagnostic::Reader diagnostic) {
  return {.kind = kindOf(diagnostic.getKind()),
          .code = diagnostic.getCode().cStr(),
          .message = diagnostic.getMessage().cStr(),
          .hint = diagnostic.getHint().cStr(),
          .detail = diagnostic.getDetail().cStr(),
          .settingPath = diagnostic.getSetting().cStr()};
}

std::string_view severityWord(wire::Diagnostic::Severity severity) {
  switch (severity) {
    case wire::Diagnostic::Severity::ERROR:
      return "error";
    case wire::Diagnostic::Severity::WARNING:
      return "warning";
    case wire::Diagnostic::Severity::NOTE:
      return "note";
  }
  return "note";
}

std::string_view kindName(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Config:
      return "config";
    case ErrorKind::NotFound:
      return "notFound";
    case ErrorKind::Refused:
      return "refused";
    case ErrorKind::Failed:
      return "failed";
    case ErrorKind::Unavailable:
      return "unavailable";
    case ErrorKind::Deadline:
      return "deadline";
    case ErrorKind::Cancelled:
      return "cancelled";
    case ErrorKind::Died:
      return "died";
    case ErrorKind::Internal:
      return "internal";
  }
  return "internal";
}

}  // namespace cairn::cli
