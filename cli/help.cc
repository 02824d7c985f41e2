#include "cli/help.h"

#include <algorithm>

#include "cli/output/json_text.h"

namespace cairn::cli {

namespace {

constexpr size_t kGap = 3;

// Two columns, the left one as wide as it needs.
void addPairs(Lines& lines, const std::vector<std::pair<std::string, std::string>>& pairs) {
  size_t widest = 0;
  for (const auto& [left, right] : pairs) widest = std::max(widest, left.size());
  for (const auto& [left, right] : pairs) {
    lines.push_back(
        Line("  ").add(left, Tone::Accent).add(std::string(widest - left.size() + kGap, ' ')).add(right));
  }
}

void addOptions(Lines& lines, std::string_view title, const std::vector<Option>& options) {
  if (options.empty()) return;
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Option& option : options) {
    size_t comma = option.names.find(',');
    std::string left = comma == std::string::npos
                           ? "    " + option.names
                           : option.names.substr(0, comma) + ", " + option.names.substr(comma + 1);
    pairs.emplace_back(left + (option.value.empty() ? "" : " " + option.value), option.help);
  }
  lines.push_back("");
  lines.push_back(Line(title, Tone::Strong));
  addPairs(lines, pairs);
}

std::string usageOf(const Command& command) {
  std::string usage = "cairn " + command.path + " [OPTIONS]";
  for (const Argument& argument : command.arguments) {
    std::string name = argument.verbatim ? "[--] " + argument.name : argument.name;
    if (argument.many) name += "…";
    usage += argument.required ? " " + name : " [" + name + "]";
  }
  return usage;
}

bool belongs(const Command& command, const std::string& prefix) {
  return !command.group.empty() && (prefix.empty() || command.path.starts_with(prefix + " "));
}

}  // namespace

Lines programHelp(const std::string& prefix) {
  Lines lines;
  if (prefix.empty())
    lines.push_back("Cairn takes an application from source to a running, reachable release.");
  lines.push_back(
      Line("Usage: cairn " + (prefix.empty() ? "" : prefix + " ") + "COMMAND [OPTIONS]", Tone::Strong));
  for (std::string_view group : {"Every day", "Step by step", "Looking", "Setting up"}) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const Command& command : commandTable()) {
      if (command.group == group && belongs(command, prefix))
        pairs.emplace_back(command.path, command.summary);
    }
    if (pairs.empty()) continue;
    lines.push_back("");
    lines.push_back(Line(group, Tone::Strong));
    addPairs(lines, pairs);
  }
  addOptions(lines, "Options of every command", globalOptions());
  lines.push_back("");
  lines.push_back("'cairn COMMAND --help' tells more about one. Begin with 'cairn init' and 'cairn up'.");
  return lines;
}

Lines commandHelp(const Command& command) {
  Lines lines{command.summary, Line("Usage: " + usageOf(command), Tone::Strong)};
  if (!command.description.empty()) {
    lines.push_back("");
    for (std::string_view line : splitLines(command.description)) lines.push_back(line);
  }
  if (!command.arguments.empty()) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const Argument& argument : command.arguments) pairs.emplace_back(argument.name, argument.help);
    lines.push_back("");
    lines.push_back(Line("Arguments", Tone::Strong));
    addPairs(lines, pairs);
  }
  addOptions(lines, "Options", command.options);
  addOptions(lines, "Options of every command", globalOptions());
  lines.push_back("");
  lines.push_back(Line("Example", Tone::Strong));
  lines.push_back("  " + command.example);
  return lines;
}

std::string commandsJson(const std::string& prefix) {
  std::string list;
  for (const Command& command : commandTable()) {
    if (!belongs(command, prefix)) continue;
    list += (list.empty() ? "" : ",") +
            JsonObject().add("path", command.path).add("summary", command.summary).text();
  }
  return JsonObject().addJson("commands", "[" + list + "]").text();
}

}  // namespace cairn::cli
