#include "json_lines.h"

#include "json_fields.h"

#include <nlohmann/json.hpp>

namespace cairn::plugins::docker {

void JsonLines::feed(std::string_view bytes) {
  for (auto end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n')) {
    partial_.append(bytes.substr(0, end));
    bytes.remove_prefix(end + 1);
    takeLine(partial_);
    partial_.clear();
  }
  partial_.append(bytes);
}

void JsonLines::takeLine(std::string_view line) {
  if (!error_.empty() || line.find_first_not_of(" \t\r") == line.npos) return;
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object()) {
    error_ = "the engine sent a line that is no JSON object: " + std::string(line.substr(0, 200));
    return;
  }
  if (auto detail = json.find("errorDetail"); detail != json.end() && detail->is_object()) {
    error_ = textAt(*detail, "message");
  }
  if (auto error = json.find("error"); error_.empty() && error != json.end()) {
    error_ = error->is_string() ? error->get<std::string>() : error->dump();
  }
  if (error_.empty()) take_(json);
}

}  // namespace cairn::plugins::docker
