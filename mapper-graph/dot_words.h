#pragma once
// Graphviz's notation: quoting and colours. Private to this library.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace cairn::graph::dot {

// "a \"b\"" with its quotes. Graphviz takes a backslash in a label for an escape.
inline std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + '"';
}

inline std::string html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// A plugin's colours: of its group's ground, its types, and of what is written and drawn.
struct Hue {
  std::string_view ground, fill, ink;
};
inline constexpr std::array kHues{
    Hue{"#f3f8ff", "#dbeafe", "#1e4fa3"}, Hue{"#f2fbf5", "#d3f2de", "#17693c"},
    Hue{"#f8f5ff", "#e6dcfd", "#5b36a8"}, Hue{"#fff7f0", "#fde4cf", "#9a4a0c"},
    Hue{"#effbfb", "#cdf0ef", "#0f6266"}, Hue{"#fff4f8", "#fbdbe7", "#9c2558"},
    Hue{"#fbfaef", "#f1ecc4", "#6b5d0b"}, Hue{"#f5f6f8", "#e2e6eb", "#47525e"},
};

// Colours of chosen chains, strong enough to be told apart on white.
inline constexpr std::array<std::string_view, 6> kChainColors{"#0b62d6", "#d4410b", "#0a8a4a",
                                                              "#9b1fc1", "#b8860b", "#008a9c"};
inline constexpr std::string_view kGateFill = "#ffe08a";
inline constexpr std::string_view kGateInk = "#7a4b00";
inline constexpr std::string_view kQuiet = "#a3adb8";  // what is there but not in use
inline constexpr std::string_view kLine = "#8894a1";

}  // namespace cairn::graph::dot
