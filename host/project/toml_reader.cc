#include "host/project/toml_reader.h"

#include "host/project/toml_depth.h"

#include <algorithm>
#include <sstream>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

namespace cairn::host {
namespace {

class Converter {
 public:
  explicit Converter(const std::string& file) : file_(file) {}

  SettingsNode convert(const toml::node& node, const SourcePosition& fallback) {
    SettingsNode out;
    out.position = position(node.source());
    if (out.position.line == 0) out.position = fallback;
    if (const auto* table = node.as_table()) {
      out.value = convertTable(*table);
    } else if (const auto* array = node.as_array()) {
      SettingsNode::List list;
      for (const toml::node& item : *array) list.push_back(convert(item, out.position));
      out.value = std::move(list);
    } else {
      convertScalar(node, out);
    }
    return out;
  }

 private:
  SourcePosition position(const toml::source_region& region) const {
    return {file_, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
  }

  // The library sorts keys by name; people read files from the top.
  SettingsNode::Table convertTable(const toml::table& table) {
    SettingsNode::Table out;
    for (auto&& [key, value] : table) {
      SourcePosition at = position(key.source());
      SettingsNode node = convert(value, at);
      out.push_back({std::string(key.str()), at, std::move(node)});
    }
    std::stable_sort(out.begin(), out.end(), [](const SettingsEntry& a, const SettingsEntry& b) {
      return std::pair(a.position.line, a.position.column) < std::pair(b.position.line, b.position.column);
    });
    return out;
  }

  static void convertScalar(const toml::node& node, SettingsNode& out) {
    if (const auto* text = node.as_string())
      out.value = text->get();
    else if (const auto* integer = node.as_integer())
      out.value = integer->get();
    else if (const auto* number = node.as_floating_point())
      out.value = number->get();
    else if (const auto* boolean = node.as_boolean())
      out.value = boolean->get();
    else
      out.value = dateText(node);
  }

  static std::string dateText(const toml::node& node) {
    std::ostringstream out;
    node.visit([&](const auto& value) {
      if constexpr (toml::is_chronological<decltype(value)>) out << value.get();
    });
    return out.str();
  }

  const std::string& file_;
};

std::string_view lineOf(std::string_view text, int wanted) {
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (line == wanted) return text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

std::string_view linesBefore(std::string_view text, int line) {
  std::size_t end = 0;
  for (; line > 1 && end < text.size(); --line) end = std::min(text.find('\n', end), text.size() - 1) + 1;
  return text.substr(0, end);
}

// The NAME of a line "[app.NAME]"; empty for any other line.
std::string appOfHeader(std::string_view line) {
  std::string bare;
  for (char c : line.substr(0, std::min(line.find('#'), line.size()))) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '"' && c != '\'') bare += c;
  }
  if (!bare.starts_with("[app.") || !bare.ends_with("]")) return "";
  std::string name = bare.substr(5, bare.size() - 6);
  return name.find('.') == std::string::npos ? name : "";
}

Error syntaxError(std::string_view text, const std::string& file, const toml::parse_error& problem) {
  const SourcePosition at{file, static_cast<int>(problem.source().begin.line),
                          static_cast<int>(problem.source().begin.column)};
  const std::string app = appOfHeader(lineOf(text, at.line));
  for (int line = 1; !app.empty() && line < at.line; ++line) {
    if (appOfHeader(lineOf(text, line)) != app) continue;
    return {.kind = ErrorKind::Config,
            .code = "duplicate-app",
            .message = "app '" + app + "' is declared twice, first at line " + std::to_string(line),
            .hint = "give one of them another name, or put its keys into the first",
            .position = at,
            .settingPath = "app." + app};
  }
  std::string message(problem.description());
  while (!message.empty() && (message.back() == '.' || message.back() == '\n')) message.pop_back();
  return {.kind = ErrorKind::Config,
          .code = "toml-syntax",
          .message = "this is not valid TOML: " + message,
          .hint = "reading stopped here; more may be wrong below",
          .position = at};
}

}  // namespace

Result<SettingsNode> readToml(std::string_view text, const std::string& file) {
  if (auto error = tooDeep(text, file)) return *std::move(error);
  toml::parse_result result = toml::parse(text);
  if (!result) return syntaxError(text, file, result.error());
  return Converter(file).convert(result.table(), {file, 1, 1});
}

SettingsNode readTomlAbove(std::string_view text, const std::string& file, int line) {
  // A string without an end is noticed far below its beginning: further lines go until the rest is whole.
  while (line > 1) {
    const std::string_view above = linesBefore(text, line);
    toml::parse_result result = toml::parse(above);
    if (result) return Converter(file).convert(result.table(), {file, 1, 1});
    line = std::min(line - 1, static_cast<int>(result.error().source().begin.line));
  }
  SettingsNode nothing;
  nothing.value = SettingsNode::Table();
  nothing.position = {file, 1, 1};
  return nothing;
}

}  // namespace cairn::host
