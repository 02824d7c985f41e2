#pragma once
// What an engine sends of a program's output.

#include <string>

namespace cairn::plugins::docker {

// `text` as one frame; `stream`: 1 stdout, 2 stderr.
inline std::string frame(char stream, const std::string& text) {
  std::string header(8, '\0');
  header[0] = stream;
  header[6] = static_cast<char>(text.size() >> 8);
  header[7] = static_cast<char>(text.size() & 0xff);
  return header + text;
}

}  // namespace cairn::plugins::docker
