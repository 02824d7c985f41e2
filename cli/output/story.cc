#include "cli/output/story.h"

#include <algorithm>

#include "cli/output/table.h"
#include "cli/output/text.h"

namespace cairn::cli {

std::string_view outcomeWord(wire::Event::Outcome outcome) {
  switch (outcome) {
    case wire::Event::Outcome::DONE:
      return "done";
    case wire::Event::Outcome::FAILED:
      return "failed";
    case wire::Event::Outcome::SKIPPED:
      return "skipped";
    case wire::Event::Outcome::CANCELLED:
      return "cancelled";
    case wire::Event::Outcome::UNCHANGED:
      return "unchanged";
  }
  return "unknown";
}

std::string_view levelWord(wire::LogLevel level) {
  switch (level) {
    case wire::LogLevel::TRACE:
      return "trace";
    case wire::LogLevel::DEBUG:
      return "debug";
    case wire::LogLevel::INFO:
      return "info";
    case wire::LogLevel::WARN:
      return "warning";
    case wire::LogLevel::ERROR:
      return "error";
  }
  return "log";
}

std::string placeText(wire::Event::Reader event) {
  std::string place = string(event.getApp());
  if (event.getStage().size() > 0) place += (place.empty() ? "" : " ") + string(event.getStage());
  return place;
}

std::string endText(wire::Event::AppFinished::Reader end) {
  std::string text;
  if (end.getStage().size() > 0) text += " in " + string(end.getStage());
  if (end.getCode().size() > 0) text += " (" + string(end.getCode()) + ")";
  if (text.empty()) return end.getReason().size() > 0 ? ": " + string(end.getReason()) : "";
  return text + (end.getServes().size() > 0 ? "; " + string(end.getServes()) : "");
}

std::string progressText(uint64_t current, uint64_t total, std::string_view unit) {
  bool bytes = unit == "bytes" || unit == "B";
  auto amount = [&](uint64_t value) { return bytes ? sizeText(value) : std::to_string(value); };
  if (current == 0 && total == 0) return "";
  std::string out = amount(current);
  if (total > 0) out += " of " + amount(total);
  if (!bytes && !unit.empty()) out += " " + std::string(unit);
  return out;
}

Lines eventTableLines(wire::Event::Table::Reader source) {
  Table table;
  for (auto title : source.getColumns()) table.columns.push_back({string(title), ""});
  for (auto sourceRow : source.getRows()) {
    auto& row = table.rows.emplace_back();
    for (auto cell : sourceRow) row.emplace_back(string(cell));
    row.resize(table.columns.size(), Cell(""));
  }
  return tableLines(table);
}

Lines namedValueLines(capnp::List<wire::NamedText>::Reader values) {
  int widest = 0;
  for (auto value : values) widest = std::max(widest, displayWidth(view(value.getName())));
  Lines lines;
  for (auto value : values) {
    int gap = widest - displayWidth(view(value.getName())) + 2;
    lines.push_back(
        Line(view(value.getName()), Tone::Dim).add(std::string(gap, ' ')).add(view(value.getValue())));
  }
  return lines;
}

Line logLineOf(wire::LogLine::Reader line) {
  Line out;
  if (line.getInstance().size() > 0) out.add(string(line.getInstance()) + " | ", Tone::Dim);
  return out.add(view(line.getText()));
}

}  // namespace cairn::cli
