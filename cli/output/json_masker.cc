#include "cli/output/json_masker.h"

#include <nlohmann/json.hpp>

#include "cli/output/json_text.h"

namespace cairn::cli {

namespace {

// Behind the closing quote of the string that begins at `at`.
size_t endOfString(std::string_view json, size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return std::min(at + 1, json.size());
}

bool isName(std::string_view json, size_t end) {
  const size_t next = json.find_first_not_of(" \t\r\n", end);
  return next != json.npos && json[next] == ':';
}

std::string maskString(std::string_view literal, const Masker& masker) {
  const auto value = nlohmann::json::parse(literal, nullptr, false);
  if (!value.is_string()) return masker.mask(literal);
  const auto& text = value.get_ref<const std::string&>();
  const std::string masked = masker.mask(text);
  return masked == text ? std::string(literal) : jsonString(masked);
}

}  // namespace

std::string maskJson(std::string_view json, const Masker& masker) {
  std::string out;
  for (size_t at = 0; at < json.size();) {
    const size_t begin = std::min(json.find('"', at), json.size());
    out += json.substr(at, begin - at);
    if (begin == json.size()) break;
    at = endOfString(json, begin);
    const std::string_view literal = json.substr(begin, at - begin);
    out += isName(json, at) ? std::string(literal) : maskString(literal, masker);
  }
  return out;
}

}  // namespace cairn::cli
