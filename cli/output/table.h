#pragma once
// Rows that people read as a table and programs as one JSON object a row.

#include <string>
#include <utility>
#include <vector>

#include "cli/output/line.h"

namespace cairn::cli {

struct Cell {
  std::string text;
  std::string json;  // the same as a JSON value: a time as a number, not as "3 min ago"; empty: the text
  Tone tone = Tone::Plain;

  Cell(std::string text) : text(std::move(text)) {}  // NOLINT: implicit by intent
  Cell(const char* text) : text(text) {}             // NOLINT: implicit by intent
  Cell(std::string text, std::string json, Tone tone = Tone::Plain)
      : text(std::move(text)), json(std::move(json)), tone(tone) {}
};

struct Table {
  struct Column {
    std::string title;  // "COMMIT"; empty: only in JSON
    std::string key;    // "commit"
  };
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  std::string ifEmpty;  // said to people instead of an empty table
};

// Columns are as wide as their widest cell, two spaces apart; an empty column is left out. Where that is
// wider than `columns` (0: no limit), each row is a paragraph: its first cell, and below it the others with
// their titles.
Lines tableLines(const Table& table, int columns = 0);
// One object a row, each with its end of line.
std::string tableJson(const Table& table);

}  // namespace cairn::cli
