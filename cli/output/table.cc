#include "cli/output/table.h"

#include <algorithm>

#include "cli/output/json_text.h"
#include "cli/output/text.h"

namespace cairn::cli {

namespace {

// 0 for a column that is not shown.
int columnWidth(const Table& table, size_t column) {
  if (table.columns[column].title.empty()) return 0;
  int width = 0;
  for (const auto& row : table.rows) width = std::max(width, displayWidth(cleanText(row[column].text)));
  return width == 0 ? 0 : std::max(width, displayWidth(table.columns[column].title));
}

int widthOf(const std::vector<int>& widths) {
  int sum = 0;
  for (int width : widths) sum += width > 0 ? width + 2 : 0;
  return sum - 2;
}

// "version: 0.1.0, takes: oci.Image".
Lines paragraphs(const Table& table, const std::vector<int>& widths, int columns) {
  Lines lines;
  for (const auto& row : table.rows) {
    std::string rest;
    bool headed = false;
    for (size_t i = 0; i < widths.size(); ++i) {
      if (widths[i] == 0 || row[i].text.empty()) continue;
      if (!headed) {
        lines.push_back(Line(row[i].text, row[i].tone == Tone::Plain ? Tone::Strong : row[i].tone));
        headed = true;
        continue;
      }
      std::string title = table.columns[i].title;
      std::transform(title.begin(), title.end(), title.begin(), ::tolower);
      rest += (rest.empty() ? "" : ", ") + title + ": " + row[i].text;
    }
    for (const std::string& line : wrapWords(rest, columns - 2)) lines.push_back(Line("  " + line));
  }
  return lines;
}

}  // namespace

Lines tableLines(const Table& table, int columns) {
  if (table.rows.empty()) return table.ifEmpty.empty() ? Lines{} : Lines{Line(table.ifEmpty, Tone::Dim)};
  std::vector<int> widths;
  for (size_t i = 0; i < table.columns.size(); ++i) widths.push_back(columnWidth(table, i));
  if (columns > 0 && widthOf(widths) > columns) return paragraphs(table, widths, columns);
  auto lineOf = [&](auto cell) {
    Line line;
    std::string gap;
    for (size_t i = 0; i < widths.size(); ++i) {
      if (widths[i] == 0) continue;
      auto [text, tone] = cell(i);
      if (text.empty()) {
        gap += std::string(widths[i] + 2, ' ');
        continue;
      }
      line.add(gap).add(text, tone);
      gap = std::string(widths[i] + 2 - displayWidth(cleanText(text)), ' ');
    }
    return line;
  };
  Lines lines{lineOf([&](size_t i) { return std::pair(table.columns[i].title, Tone::Dim); })};
  for (const auto& row : table.rows) {
    lines.push_back(lineOf([&](size_t i) { return std::pair(row[i].text, row[i].tone); }));
  }
  return lines;
}

std::string tableJson(const Table& table) {
  std::string out;
  for (const auto& row : table.rows) {
    JsonObject object;
    for (size_t i = 0; i < row.size(); ++i) {
      object.addJson(table.columns[i].key, row[i].json.empty() ? jsonString(row[i].text) : row[i].json);
    }
    out += object.text() + "\n";
  }
  return out;
}

}  // namespace cairn::cli
