#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/near_names.h"

namespace cairn::cli {

namespace {

bool isOption(const std::string& word) {
  return word.size() > 1 && word[0] == '-';
}

// Which option `word` ("--app", "--app=web", "-aweb") names; null when none.
const Option* findOption(const std::string& word, const std::vector<Option>& options) {
  std::string name = word.starts_with("--") ? word.substr(0, word.find('=')) : word.substr(0, 2);
  for (const Option& option : options) {
    std::string names = "," + option.names + ",";
    if (names.find("," + name + ",") != std::string::npos) return &option;
  }
  return nullptr;
}

bool valueFollows(const std::string& word, const Option& option) {
  bool inWord = word.starts_with("--") ? word.find('=') != std::string::npos : word.size() > 2;
  return !option.value.empty() && !inWord;
}

bool isPrefix(const std::string& path) {
  return std::any_of(commandTable().begin(), commandTable().end(),
                     [&](const Command& command) { return command.path.starts_with(path + " "); });
}

const Command* findCommand(const std::string& path) {
  auto found = std::find_if(commandTable().begin(), commandTable().end(),
                            [&](const Command& command) { return command.path == path; });
  return found == commandTable().end() ? nullptr : &*found;
}

std::vector<std::string> visiblePaths() {
  std::vector<std::string> paths;
  for (const Command& command : commandTable()) {
    if (!command.group.empty()) paths.push_back(command.path);
  }
  return paths;
}

// "build" is a command, and "build list" another.
bool isLongerCommand(const std::string& path, const std::vector<std::string>& words, size_t next) {
  return next < words.size() && (findCommand(path + " " + words[next]) || isPrefix(path + " " + words[next]));
}

// Takes the command's words out of `words`; options may stand before and between them.
Result<CommandLine> takeCommand(std::vector<std::string>& words) {
  CommandLine line;
  std::string path;
  for (size_t i = 0; i < words.size() && line.command == nullptr;) {
    if (words[i] == "--") break;
    if (isOption(words[i])) {
      const Option* option = findOption(words[i], globalOptions());
      i += option != nullptr && valueFollows(words[i], *option) ? 2 : 1;
      continue;
    }
    path += (path.empty() ? "" : " ") + words[i];
    line.command = findCommand(path);
    if (line.command == nullptr && !isPrefix(path)) {
      return Error{.kind = ErrorKind::Config,
                   .code = "unknown-command",
                   .message = "there is no command '" + path + "'",
                   .hint = didYouMean(path, visiblePaths(), "'cairn --help' lists all commands")};
    }
    words.erase(words.begin() + static_cast<long>(i));
    if (isLongerCommand(path, words, i)) line.command = nullptr;
  }
  if (line.command == nullptr) line.prefix = path;
  return line;
}

// What a verbatim argument takes: all from the first word on that is no option of ours.
std::vector<std::string> takeVerbatim(std::vector<std::string>& words, const std::vector<Option>& options) {
  size_t i = 0;
  while (i < words.size() && words[i] != "--" && isOption(words[i])) {
    const Option* option = findOption(words[i], options);
    i += option != nullptr && valueFollows(words[i], *option) ? 2 : 1;
  }
  i = std::min(i, words.size());
  std::vector<std::string> rest(words.begin() + static_cast<long>(i), words.end());
  words.resize(i);
  if (!rest.empty() && rest[0] == "--") rest.erase(rest.begin());
  return rest;
}

// As CLI11 wants it: empty when the text is a number, else what is wrong.
std::string notANumber(const std::string& text) {
  bool isNumber =
      !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
  return isNumber ? "" : "'" + text + "' is no whole number from 0 on";
}

Error usageError(std::string code, std::string message, std::string hint) {
  return {.kind = ErrorKind::Config,
          .code = std::move(code),
          .message = std::move(message),
          .hint = std::move(hint)};
}

Error unknownWord(const std::string& word, const std::vector<Option>& options, const std::string& help) {
  if (!isOption(word)) return usageError("extra-argument", "'" + word + "' is one argument too many", help);
  std::vector<std::string> names;
  for (const Option& option : options) names.push_back("--" + option.key());
  std::string name = word.substr(0, word.find('='));
  return usageError("unknown-flag", "there is no flag '" + name + "' here", didYouMean(name, names, help));
}

Result<void> readArguments(ParsedOptions& parsed, const std::vector<std::string>& words,
                           const Command& command, const std::string& help) {
  size_t next = 0;
  for (const Argument& argument : command.arguments) {
    if (next >= words.size() && argument.required) {
      return usageError("missing-argument",
                        "'cairn " + command.path + "' needs " + argument.name + ": " + argument.help, help);
    }
    for (bool first = true; next < words.size() && (first || argument.many); first = false, ++next) {
      const auto& choices = argument.choices;
      if (!choices.empty() && std::find(choices.begin(), choices.end(), words[next]) == choices.end()) {
        return usageError("bad-flag-value", "'" + words[next] + "' is no " + argument.name,
                          argument.name + " is " + argument.help);
      }
      parsed.add(argument.name, words[next]);
    }
  }
  if (next == words.size()) return {};
  const bool aboutApps =
      command.arguments.empty() && command.group != "Setting up" && command.path != "version";
  return usageError("extra-argument", "'" + words[next] + "' is one argument too many",
                    aboutApps ? "one app alone is named with --app " + words[next] + "; " + help : help);
}

// Takes the options out of `words`; answers what is left, "--" included.
Result<std::vector<std::string>> readOptions(ParsedOptions& parsed, std::vector<std::string> words,
                                             const std::vector<Option>& options, const std::string& help) {
  CLI::App parser;
  parser.set_help_flag();
  parser.allow_extras();
  std::vector<std::vector<std::string>> values(options.size());
  std::vector<CLI::Option*> made;
  for (size_t i = 0; i < options.size(); ++i) {
    if (options[i].value.empty()) {
      made.push_back(parser.add_flag(options[i].names));
    } else {
      made.push_back(
          parser.add_option(options[i].names, values[i])
              ->type_name(options[i].value)
              ->expected(1)
              ->take_all()
              ->allow_extra_args(false));  // else the words after its value would be its values too
      if (options[i].number) made.back()->check(notANumber);
    }
  }
  try {
    std::reverse(words.begin(), words.end());  // as CLI11 takes them
    parser.parse(words);
  } catch (const CLI::ParseError& error) {
    std::string message = error.what();
    return usageError("bad-flag-value", message.substr(0, message.find('\n')), help);
  }
  for (size_t i = 0; i < options.size(); ++i) {
    if (made[i]->count() == 0) continue;
    parsed.set(options[i].key());
    for (std::string& value : values[i]) parsed.add(options[i].key(), std::move(value));
  }
  return parser.remaining();
}

}  // namespace

Result<CommandLine> parseCommandLine(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = arguments;
  // As most programs are asked, wherever it stands before a command.
  auto version = std::find_if(words.begin(), words.end(),
                              [](const std::string& word) { return word == "--version" || !isOption(word); });
  if (version != words.end() && *version == "--version") *version = "version";
  bool helpFirst = !words.empty() && words[0] == "help";  // as in "cairn help up"
  if (helpFirst) words.erase(words.begin());
  CommandLine line = CAIRN_TRY(takeCommand(words));
  std::vector<Option> options = globalOptions();
  if (line.command != nullptr)
    options.insert(options.end(), line.command->options.begin(), line.command->options.end());
  std::string name = "cairn" + (line.command != nullptr ? " " + line.command->path : "");
  std::string help = "'" + name + " --help' tells what it takes";
  bool verbatim =
      line.command != nullptr && !line.command->arguments.empty() && line.command->arguments.back().verbatim;
  std::vector<std::string> rest = verbatim ? takeVerbatim(words, options) : std::vector<std::string>{};

  auto extras = CAIRN_TRY(readOptions(line.options, std::move(words), options, help));
  line.help = helpFirst || line.options.has("help");
  bool dashes = false;
  for (const std::string& word : extras) {
    if (word == "--")
      dashes = true;
    else if (isOption(word) && !dashes)
      return unknownWord(word, options, help);
  }
  std::erase(extras, "--");
  extras.insert(extras.end(), rest.begin(), rest.end());
  if (line.command == nullptr || line.help) return line;
  CAIRN_TRY(readArguments(line.options, extras, *line.command, help));
  return line;
}

std::string recordedCommandLine(const std::vector<std::string>& arguments) {
  std::string out = "cairn";
  bool isValue = false;
  for (std::string word : arguments) {
    bool inWord = word.starts_with("--var=");
    size_t equals = word.find('=', inWord ? 6 : 0);
    if ((isValue || inWord) && equals != std::string::npos) word = word.substr(0, equals + 1) + "…";
    isValue = word == "--var";
    out += " " + word;
  }
  return out;
}

}  // namespace cairn::cli
