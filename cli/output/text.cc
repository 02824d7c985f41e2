#include "cli/output/text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <iterator>
#include <utility>

namespace cairn::cli {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Letter {
  uint32_t code = 0;
  size_t bytes = 1;
  bool valid = false;
};

Letter letterAt(std::string_view text, size_t at) {
  auto byte = [&](size_t i) { return static_cast<unsigned char>(text[at + i]); };
  unsigned char first = byte(0);
  if (first < 0x80) return {first, 1, true};
  size_t size = first >= 0xF0 && first < 0xF5   ? 4
                : first >= 0xE0 && first < 0xF0 ? 3
                : first >= 0xC2 && first < 0xE0 ? 2
                                                : 0;
  if (size == 0 || at + size > text.size()) return {};
  uint32_t code = first & (0xFFu >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = (code << 6) | (byte(i) & 0x3F);
  }
  constexpr std::array<uint32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kSmallest[size] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return {};
  return {code, size, true};
}

// Signs among the symbols that are drawn as pictures.
constexpr std::array<std::pair<uint32_t, uint32_t>, 40> kWideSymbols = {{
    {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},   {0x23F0, 0x23F0},   {0x23F3, 0x23F3},
    {0x25FD, 0x25FE},   {0x2614, 0x2615},   {0x2648, 0x2653},   {0x267F, 0x267F},   {0x2693, 0x2693},
    {0x26A1, 0x26A1},   {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},   {0x26CE, 0x26CE},
    {0x26D4, 0x26D4},   {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},   {0x26FA, 0x26FA},
    {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},   {0x2728, 0x2728},   {0x274C, 0x274C},
    {0x274E, 0x274E},   {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},   {0x27B0, 0x27B0},
    {0x27BF, 0x27BF},   {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},   {0x1F004, 0x1F004},
    {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F1E6, 0x1F2FF}, {0x1F300, 0x1FAFF},
}};

bool isWideSymbol(uint32_t c) {
  auto after = std::upper_bound(kWideSymbols.begin(), kWideSymbols.end(), c,
                                [](uint32_t c, const auto& range) { return c < range.first; });
  return after != kWideSymbols.begin() && c <= std::prev(after)->second;
}

// Where terminals differ it is the wider: a line that is cut too early does no harm, one that wraps does.
int widthOf(uint32_t c) {
  if (c < 0x300) return 1;
  if (c == 0xFE0F) return 1;  // makes a picture of the sign before it, which is one column by itself
  if (c < 0x370 || (c >= 0x200B && c <= 0x200F) || (c >= 0xFE00 && c <= 0xFE0E) ||
      (c >= 0x20D0 && c <= 0x20FF))
    return 0;
  bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
              (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
              (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x20000 && c <= 0x3FFFD) || isWideSymbol(c);
  return wide ? 2 : 1;
}

// The end of the escape sequence that begins at `at`: CSI ends with a letter; OSC, DCS, APC, PM and SOS with
// BEL or ST; others are an escape, signs that go between, as in "ESC ( B", and one more.
size_t endOfEscape(std::string_view text, size_t at) {
  size_t i = at + 1;
  while (i < text.size() && text[i] >= 0x20 && text[i] <= 0x2F) ++i;
  if (i >= text.size()) return i;
  const char kind = text[i++];
  if (kind == '[') {
    while (i < text.size() && (text[i] < 0x40 || text[i] > 0x7E)) ++i;
    return i < text.size() ? i + 1 : i;
  }
  if (std::string_view("]P_^X").find(kind) != std::string_view::npos) {
    while (i < text.size() && text[i] != '\a' && text[i] != '\x1b') ++i;
    if (i < text.size() && text[i] == '\x1b') ++i;
    return i < text.size() ? i + 1 : i;
  }
  return i;
}

// Letters behind them are shown in another order than they are in.
bool changesDirection(uint32_t c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool isControl(uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

std::string format(const char* pattern, auto... values) {
  std::array<char, 64> buffer;
  std::snprintf(buffer.data(), buffer.size(), pattern, values...);
  return buffer.data();
}

}  // namespace

int displayWidth(std::string_view text) {
  int width = 0;
  for (size_t at = 0; at < text.size();) {
    Letter letter = letterAt(text, at);
    width += letter.valid ? widthOf(letter.code) : 1;
    at += letter.bytes;
  }
  return width;
}

size_t rowsTaken(std::string_view text, int columns) {
  size_t rows = 1;
  int at = 0;
  for (size_t i = 0; i < text.size();) {
    Letter letter = letterAt(text, i);
    int width = letter.valid ? widthOf(letter.code) : 1;
    if (at + width > columns && at > 0) ++rows, at = 0;
    at += width;
    i += letter.bytes;
  }
  return rows;
}

std::string shorten(std::string_view text, int columns) {
  if (columns <= 0) return "";
  int width = 0;
  size_t fits = 0;  // bytes that leave room for the "…"
  for (size_t at = 0; at < text.size();) {
    Letter letter = letterAt(text, at);
    width += letter.valid ? widthOf(letter.code) : 1;
    if (width > columns) return std::string(text.substr(0, fits)) + "…";
    at += letter.bytes;
    if (width < columns) fits = at;
  }
  return std::string(text);
}

std::string cleanText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    unsigned char c = static_cast<unsigned char>(text[at]);
    if (c == 0x1b) {
      at = endOfEscape(text, at);
      continue;
    }
    Letter letter = letterAt(text, at);
    if (c == '\t')
      out += "  ";
    else if (!letter.valid)
      out += kReplacement;
    else if (!isControl(letter.code) && !changesDirection(letter.code))
      out += text.substr(at, letter.bytes);
    at += letter.bytes;
  }
  return out;
}

std::vector<std::string> wrapWords(std::string_view text, int columns) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.empty()) continue;
    if (!line.empty() && displayWidth(line) + 1 + displayWidth(word) > columns) {
      lines.push_back(std::move(line));
      line.clear();
    }
    line.append(line.empty() ? "" : " ").append(word);
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::vector<std::string> wrapPage(std::string_view page, int columns) {
  std::vector<std::string> lines;
  std::string paragraph;
  bool isCode = false;
  auto endParagraph = [&] {
    for (std::string& line : wrapWords(paragraph, columns)) lines.push_back(std::move(line));
    paragraph.clear();
  };
  while (!page.empty()) {
    const std::string_view line = page.substr(0, page.find('\n'));
    page.remove_prefix(std::min(page.size(), line.size() + 1));
    const bool fence = line.starts_with("```");
    const bool keeps = isCode || fence || line.empty() || line[0] == ' ' || line[0] == '|';
    if (keeps || line.starts_with("- ")) endParagraph();
    if (fence) isCode = !isCode;
    if (keeps)
      lines.emplace_back(line);
    else
      paragraph.append(paragraph.empty() ? "" : " ").append(line);
  }
  endParagraph();
  return lines;
}

bool isUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    Letter letter = letterAt(text, at);
    if (!letter.valid) return false;
    at += letter.bytes;
  }
  return true;
}

std::string durationText(uint64_t ms) {
  uint64_t seconds = ms / 1000;
  if (seconds < 60) return format("%.1fs", static_cast<double>(ms / 100) / 10);
  if (seconds < 3600)
    return format("%um%02us", static_cast<unsigned>(seconds / 60), static_cast<unsigned>(seconds % 60));
  return format("%uh%02um", static_cast<unsigned>(seconds / 3600), static_cast<unsigned>(seconds / 60 % 60));
}

std::string ageText(int64_t thenUnixMs, int64_t nowUnixMs) {
  if (thenUnixMs == 0) return "";
  int64_t seconds = (nowUnixMs - thenUnixMs) / 1000;
  if (seconds < 5) return "just now";
  if (seconds < 90) return std::to_string(seconds) + " s ago";
  if (seconds < 90 * 60) return std::to_string(seconds / 60) + " min ago";
  if (seconds < 36 * 3600) return std::to_string(seconds / 3600) + " h ago";
  return std::to_string(seconds / 86400) + " d ago";
}

std::string timeText(int64_t unixMs) {
  if (unixMs == 0) return "";
  time_t seconds = unixMs / 1000;
  tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> buffer;
  std::strftime(buffer.data(), buffer.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return buffer.data();
}

std::string sizeText(uint64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes) + " B";
  constexpr std::array<const char*, 4> kUnits = {"KiB", "MiB", "GiB", "TiB"};
  double size = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  while (size >= 1024 && unit + 1 < kUnits.size()) size /= 1024, ++unit;
  return format("%.1f %s", size, kUnits[unit]);
}

std::string countText(size_t count, std::string_view one) {
  return std::to_string(count) + " " + std::string(one) + (count == 1 ? "" : "s");
}

}  // namespace cairn::cli
