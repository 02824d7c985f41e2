#include "cli/output/json_text.h"

#include <nlohmann/json.hpp>

namespace cairn::cli {

std::string jsonString(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string jsonList(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ",") + jsonString(text);
  return "[" + out + "]";
}

JsonObject& JsonObject::addJson(std::string_view key, std::string_view json) {
  if (json.empty()) return *this;
  if (!fields_.empty()) fields_ += ",";
  fields_ += jsonString(key);
  fields_ += ":";
  fields_ += json;
  return *this;
}

}  // namespace cairn::cli
