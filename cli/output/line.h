#pragma once
// One line as it is shown: pieces of text, each with a tone.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::cli {

enum class Tone { Plain, Strong, Dim, Good, Bad, Warn, Accent };

class Line {
 public:
  Line() = default;
  Line(std::string_view text, Tone tone = Tone::Plain) { add(text, tone); }    // NOLINT: implicit by intent
  Line(const char* text, Tone tone = Tone::Plain) { add(text, tone); }         // NOLINT: implicit by intent
  Line(const std::string& text, Tone tone = Tone::Plain) { add(text, tone); }  // NOLINT: implicit by intent

  // Escape sequences and control characters in `text` are left out.
  Line& add(std::string_view text, Tone tone = Tone::Plain);

  // The same, for the one piece that is cut first where a line is too long: what follows it stays visible.
  Line& addFlexible(std::string_view text, Tone tone = Tone::Plain);
  Line& append(const Line& other);
  // The same line with every piece of its text put through `change`.
  Line mapped(const std::function<std::string(std::string_view)>& change) const;

  // Without an end of line. `columns` 0: as long as it is; else what goes beyond is cut.
  std::string render(bool colour, int columns = 0) const;
  int width() const;

 private:
  struct Piece {
    std::string text;
    Tone tone;
    bool flexible = false;
  };
  std::vector<Piece> pieces_;
};

using Lines = std::vector<Line>;

// The lines' text, each with its end of line.
std::string renderLines(const Lines& lines, bool colour, int columns = 0);

// Splits at line ends; the last line may lack one.
std::vector<std::string_view> splitLines(std::string_view text);

}  // namespace cairn::cli
