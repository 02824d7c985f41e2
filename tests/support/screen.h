#pragma once
// What stands in a terminal after everything that was written to it: lines that are too long are wrapped, and
// wrapped anew when the window changes, as terminals of today do.
//
// Knows the sequences that `cairn` uses, and throws at any other.

#include <wchar.h>

#include <algorithm>
#include <clocale>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace cairn::testing {

class Screen {
 public:
  Screen(size_t columns, size_t rows) : columns_(columns), height_(rows) {
    std::setlocale(LC_CTYPE, "C.UTF-8");  // for wcwidth()
  }

  void write(const std::string& bytes) {
    pending_ += bytes;
    while (size_t size = firstPiece()) {
      take(pending_.substr(0, size));
      pending_.erase(0, size);
    }
  }

  void resize(size_t columns, size_t rows) {
    std::vector<Row> before = std::move(rows_);
    const size_t cursorRow = row_, cursorColumn = column_;
    rows_.assign(1, {});
    row_ = column_ = 0;
    columns_ = columns;
    height_ = rows;
    size_t newRow = 0, newColumn = 0;
    for (size_t i = 0; i < before.size(); ++i) {
      if (i == cursorRow && cursorColumn == 0) newRow = row_, newColumn = column_;
      for (const Cell& cell : before[i].cells) put(cell);
      if (i == cursorRow && cursorColumn > 0) newRow = row_, newColumn = column_;
      if (!before[i].wrapped && i + 1 < before.size()) newLine();
    }
    row_ = newRow;
    column_ = newColumn;
  }

  // Everything, also what has scrolled away. Each line with its end, without empty ones at the end.
  std::string text() const {
    std::string out;
    for (const Row& row : rows_) {
      std::string line;
      for (const Cell& cell : row.cells) line += cell.letter;
      out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return out.substr(0, out.find_last_not_of('\n') + 1) + "\n";
  }
  // Whether some line was too long for the window.
  bool hasWrapped() const {
    return std::any_of(rows_.begin(), rows_.end(), [](const Row& row) { return row.wrapped; });
  }

 private:
  struct Cell {
    std::string letter;
    size_t width;
  };
  struct Row {
    std::vector<Cell> cells;
    bool wrapped = false;  // goes on in the next row
  };

  // Bytes of the first letter or sequence; 0 where it isn't whole yet.
  size_t firstPiece() const {
    if (pending_.empty()) return 0;
    const auto first = static_cast<unsigned char>(pending_[0]);
    if (first == 0x1b) {
      if (pending_.size() < 2) return 0;
      if (pending_[1] != '[') throw std::runtime_error("an escape sequence that is none of ours");
      const size_t end = pending_.find_first_not_of("0123456789;", 2);
      return end == std::string::npos ? 0 : end + 1;
    }
    const size_t size = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    return pending_.size() < size ? 0 : size;
  }

  void take(const std::string& piece) {
    if (piece[0] == '\x1b') return control(piece);
    if (piece == "\n") return newLine();
    if (piece == "\r") {
      column_ = 0;
    } else {
      if (piece.size() == 1 && static_cast<unsigned char>(piece[0]) < 0x20)
        throw std::runtime_error("a control character that is none of ours");
      wchar_t letter = 0;
      mbstate_t state{};
      mbrtowc(&letter, piece.data(), piece.size(), &state);
      put({piece, static_cast<size_t>(std::max(0, wcwidth(letter)))});
    }
  }

  void control(const std::string& sequence) {
    const int number = std::atoi(sequence.c_str() + 2);
    Row& row = rows_[row_];
    switch (sequence.back()) {
      case 'A':
        row_ -= std::min(static_cast<size_t>(std::max(1, number)), row_ - top());
        return;
      case 'J':
        if (row_ == top() && column_ == 0) return newPage();
        rows_.resize(row_ + 1);
        [[fallthrough]];
      case 'K':
        if (number == 2) row.cells.clear();
        if (row.cells.size() > column_) row.cells.resize(column_);
        rows_[row_].wrapped = false;
        return;
      case 'm':
        return;
      default:
        throw std::runtime_error("the sequence " + sequence.substr(1) + " is none of ours");
    }
  }

  // As tmux takes it when the whole screen is cleared: what stood there goes to the history.
  void newPage() {
    row_ = rows_.size();
    rows_.resize(row_ + height_);
  }

  size_t top() const { return rows_.size() > height_ ? rows_.size() - height_ : 0; }

  void newLine() {
    if (++row_ == rows_.size()) rows_.emplace_back();
    column_ = 0;
  }

  // Columns are counted in cells: those of a row are written from its first one on.
  void put(Cell cell) {
    size_t used = 0;
    for (size_t i = 0; i < column_; ++i) used += rows_[row_].cells[i].width;
    if (used + cell.width > columns_) {
      rows_[row_].wrapped = true;
      newLine();
    }
    auto& cells = rows_[row_].cells;
    if (column_ < cells.size())
      cells[column_] = std::move(cell);
    else
      cells.push_back(std::move(cell));
    ++column_;
  }

  size_t columns_, height_;
  std::vector<Row> rows_{1};
  size_t row_ = 0, column_ = 0;  // the cursor; column_ is an index of cells
  std::string pending_;
};

}  // namespace cairn::testing
