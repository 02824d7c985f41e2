#include "cli/output/line.h"

#include <algorithm>

#include "cli/output/text.h"

namespace cairn::cli {

namespace {

constexpr int kShortestFlexible = 8;

std::string_view codeOf(Tone tone) {
  switch (tone) {
    case Tone::Plain:
      return "";
    case Tone::Strong:
      return "\x1b[1m";
    case Tone::Dim:
      return "\x1b[2m";
    case Tone::Good:
      return "\x1b[32m";
    case Tone::Bad:
      return "\x1b[31m";
    case Tone::Warn:
      return "\x1b[33m";
    case Tone::Accent:
      return "\x1b[36m";
  }
  return "";
}

}  // namespace

Line& Line::add(std::string_view text, Tone tone) {
  if (!text.empty()) pieces_.push_back({cleanText(text), tone});
  return *this;
}

Line& Line::addFlexible(std::string_view text, Tone tone) {
  pieces_.push_back({cleanText(text), tone, true});
  return *this;
}

Line& Line::append(const Line& other) {
  pieces_.insert(pieces_.end(), other.pieces_.begin(), other.pieces_.end());
  return *this;
}

Line Line::mapped(const std::function<std::string(std::string_view)>& change) const {
  Line out = *this;
  for (Piece& piece : out.pieces_) piece.text = change(piece.text);
  return out;
}

int Line::width() const {
  int width = 0;
  for (const Piece& piece : pieces_) width += displayWidth(piece.text);
  return width;
}

std::string Line::render(bool colour, int columns) const {
  std::string out;
  int left = columns, rest = columns > 0 ? width() : 0;  // columns to fill; columns that are to come
  int excess = columns > 0 ? std::max(0, width() - columns) : 0;
  for (const Piece& piece : pieces_) {
    std::string text = piece.text;
    if (piece.flexible && excess > 0)
      text = shorten(text, std::max(kShortestFlexible, displayWidth(text) - excess));
    if (columns > 0) {
      int width = displayWidth(text);
      rest -= displayWidth(piece.text);
      if (width == left && rest > 0) text += "…";  // what follows is cut, and that must be seen
      text = shorten(text, left);
      left -= width;
    }
    bool toned = colour && piece.tone != Tone::Plain && !text.empty();
    if (toned) out += codeOf(piece.tone);
    out += text;
    if (toned) out += "\x1b[0m";
    if (columns > 0 && left <= 0) break;
  }
  return out;
}

std::string renderLines(const Lines& lines, bool colour, int columns) {
  std::string out;
  for (const Line& line : lines) out += line.render(colour, columns) + "\n";
  return out;
}

std::vector<std::string_view> splitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

}  // namespace cairn::cli
