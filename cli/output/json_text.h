#pragma once
// JSON as text, for answers of a few fields.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::cli {

// With quotes; invalid UTF-8 becomes U+FFFD.
std::string jsonString(std::string_view text);
std::string jsonList(const std::vector<std::string>& texts);

// One object, its fields in the order they were added.
class JsonObject {
 public:
  JsonObject& add(std::string_view key, std::string_view text) { return addJson(key, jsonString(text)); }
  JsonObject& add(std::string_view key, const char* text) { return add(key, std::string_view(text)); }
  JsonObject& add(std::string_view key, int64_t number) { return addJson(key, std::to_string(number)); }
  JsonObject& addBool(std::string_view key, bool value) { return addJson(key, value ? "true" : "false"); }
  // `json` is a JSON value already; an empty one leaves the field out.
  JsonObject& addJson(std::string_view key, std::string_view json);

  std::string text() const { return "{" + fields_ + "}"; }

 private:
  std::string fields_;
};

}  // namespace cairn::cli
