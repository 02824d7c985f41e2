#include "cli/output/json_tree.h"

#include <nlohmann/json.hpp>

#include "cli/output/line.h"

namespace cairn::cli {

namespace {

using Json = nlohmann::ordered_json;

bool isNothing(const Json& value) {
  return value.is_null() || (value.is_string() && value.get_ref<const std::string&>().empty()) ||
         (value.is_structured() && value.empty());
}

std::string scalarText(const Json& value) {
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// `head` is what stands before the value: "name: " or "- ".
void addValue(Lines& lines, const std::string& indent, const std::string& head, const Json& value) {
  if (isNothing(value)) return;
  if (!value.is_structured()) {
    bool first = true;
    std::string text = scalarText(value);
    for (std::string_view line : splitLines(text)) {
      std::string before = first ? indent : indent + std::string(head.size(), ' ');
      lines.push_back(Line(before).add(first ? head : "", Tone::Dim).add(line));
      first = false;
    }
    return;
  }
  lines.push_back(Line(indent).add(head, Tone::Dim));
  for (auto item = value.begin(); item != value.end(); ++item) {
    addValue(lines, indent + "  ", value.is_object() ? item.key() + ": " : "- ", *item);
  }
}

}  // namespace

Lines jsonTreeLines(const std::string& json) {
  Lines lines;
  Json value = Json::parse(json, nullptr, false);
  if (value.is_discarded()) {
    for (std::string_view line : splitLines(json)) lines.push_back(line);
  } else if (value.is_object()) {
    for (auto item = value.begin(); item != value.end(); ++item)
      addValue(lines, "", item.key() + ": ", *item);
  } else {
    addValue(lines, "", "", value);
  }
  return lines;
}

}  // namespace cairn::cli
