#pragma once
// Small things about text that is shown to people: how wide it is, how long something took, how big it is.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::cli {

// Columns that UTF-8 `text` takes in a terminal: wide East Asian letters and emoji two, combining marks none.
int displayWidth(std::string_view text);

// Rows that a line of `text` takes where a terminal of `columns` has wrapped it; a letter of two columns is
// never split.
size_t rowsTaken(std::string_view text, int columns);

// `text` cut to at most `columns`, with "…" in place of what was cut.
std::string shorten(std::string_view text, int columns);

// `text` without escape sequences, control characters and signs that turn the direction of writing, which a
// program that writes to a pipe may emit all the same and which must not reach somebody's terminal; tabs
// become spaces, invalid UTF-8 becomes U+FFFD.
std::string cleanText(std::string_view text);

// `text`, whose words are one blank apart, as lines of at most `columns`; a longer word has one of its own.
std::vector<std::string> wrapWords(std::string_view text, int columns);
// The same for each paragraph of a page. Code, tables and lines that begin with a blank stay as they are; an
// item of a list begins a line.
std::vector<std::string> wrapPage(std::string_view page, int columns);

bool isUtf8(std::string_view text);

// "0.3s", "12.0s", "3m05s", "2h10m".
std::string durationText(uint64_t ms);
// "just now", "5 min ago", "3 h ago", "12 d ago".
std::string ageText(int64_t thenUnixMs, int64_t nowUnixMs);
// "2026-11-21 10:16:40 UTC"; empty for 0.
std::string timeText(int64_t unixMs);
// "980 B", "1.5 KiB", "34.2 MiB".
std::string sizeText(uint64_t bytes);

// "1 app", "3 apps".
std::string countText(size_t count, std::string_view one);

}  // namespace cairn::cli
