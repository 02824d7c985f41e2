#include "cli/completion_words.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "cli/command.h"

namespace cairn::cli {

namespace {

namespace fs = std::filesystem;

void addOnce(std::vector<std::string>& to, const std::string& word) {
  if (!word.empty() && std::find(to.begin(), to.end(), word) == to.end()) to.push_back(word);
}

// The names in headers like [app.web.build]; good enough while a file is being written, too.
std::vector<std::string> appNames(fs::path folder) {
  while (!fs::exists(folder / "cairn.toml") && folder.has_relative_path()) folder = folder.parent_path();
  std::vector<std::string> names;
  std::ifstream in(folder / "cairn.toml");
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("[app.")) continue;
    size_t end = line.find_first_of(".]", 5);
    if (end != std::string::npos) addOnce(names, line.substr(5, end - 5));
  }
  return names;
}

const Command* commandOf(const std::vector<std::string>& words) {
  const Command* found = nullptr;
  std::string path;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i].starts_with("-")) continue;
    path += (path.empty() ? "" : " ") + words[i];
    for (const Command& command : commandTable()) {
      if (command.path == path) found = &command;
    }
  }
  return found;
}

// The next words of commands that begin with what stands there already.
void addCommandWords(std::vector<std::string>& to, const std::vector<std::string>& words) {
  std::string typed;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (!words[i].starts_with("-")) typed += words[i] + " ";
  }
  for (const Command& command : commandTable()) {
    if (command.group.empty() || !command.path.starts_with(typed)) continue;
    addOnce(to, command.path.substr(typed.size(), command.path.find(' ', typed.size()) - typed.size()));
  }
}

void addFlags(std::vector<std::string>& to, const std::vector<Option>& options) {
  for (const Option& option : options) addOnce(to, "--" + option.key());
}

}  // namespace

std::vector<std::string> completionWords(const std::vector<std::string>& words,
                                         const std::string& directory) {
  std::vector<std::string> all = words.empty() ? std::vector<std::string>{""} : words;
  std::string last = all.back();
  std::string before = all.size() > 1 ? all[all.size() - 2] : "";
  std::vector<std::string> candidates;
  if (before == "--app" || before == "-a") {
    candidates = appNames(directory);
  } else if (last.starts_with("-")) {
    const Command* command = commandOf(all);
    if (command != nullptr) addFlags(candidates, command->options);
    addFlags(candidates, globalOptions());
  } else {
    addCommandWords(candidates, all);
    const Command* command = commandOf(all);
    if (command != nullptr && !command->arguments.empty()) {
      for (const std::string& choice : command->arguments[0].choices) addOnce(candidates, choice);
    }
  }
  std::erase_if(candidates, [&](const std::string& word) { return !word.starts_with(last); });
  return candidates;
}

}  // namespace cairn::cli
