#include "cli/completion_words.h"

#include <algorithm>
#include <optional>

namespace cairn::cli {

namespace {

using Words = std::vector<std::string>;

void addOnce(Words& to, const std::string& word) {
  if (!word.empty() && std::find(to.begin(), to.end(), word) == to.end()) to.push_back(word);
}

const Command* findCommand(const std::string& path) {
  const auto& all = commandTable();
  auto found = std::find_if(all.begin(), all.end(), [&](const Command& one) { return one.path == path; });
  return found == all.end() ? nullptr : &*found;
}

bool isBegin(const std::string& path) {
  return std::any_of(commandTable().begin(), commandTable().end(), [&](const Command& one) {
    return one.path == path || one.path.starts_with(path + " ");
  });
}

const Option* optionIn(const std::vector<Option>& options, const std::string& name) {
  for (const Option& option : options) {
    if (("," + option.names + ",").find("," + name + ",") != std::string::npos) return &option;
  }
  return nullptr;
}

// The command line so far, taken apart without minding mistakes.
class Typed {
 public:
  explicit Typed(Words words) {
    words_ = joined(std::move(words));
    last_ = words_.back();
    for (std::size_t i = 0; i + 1 < words_.size(); ++i) take(i);
    if (const std::size_t equals = last_.find('='); last_.starts_with("--") && equals != std::string::npos) {
      waiting_ = find(last_.substr(0, equals));
      before_ = last_.substr(0, equals + 1);
      last_.erase(0, equals + 1);
    }
  }

  // The longest command that is there; null: only the beginning of one.
  const Command* command() const { return findCommand(path_); }
  const std::string& path() const { return path_; }
  // The option whose value is being typed.
  const Option* waiting() const { return waiting_; }
  std::size_t argumentCount() const { return arguments_; }
  const ParsedOptions& options() const { return options_; }
  const std::string& last() const { return last_; }
  // What stands before the value in its word: "--app=".
  const std::string& before() const { return before_; }

 private:
  // bash makes three words of "--app=web".
  static Words joined(Words words) {
    Words out;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const bool isOption = !out.empty() && out.back().starts_with("--") && words[i] == "=";
      if (isOption && i + 1 < words.size()) {
        out.push_back(words[++i]);
      } else if (isOption) {
        out.emplace_back();
      } else {
        out.push_back(std::move(words[i]));
      }
    }
    if (out.empty()) out.emplace_back();
    return out;
  }

  const Option* find(const std::string& name) const {
    if (const Option* option = optionIn(globalOptions(), name)) return option;
    return command() == nullptr ? nullptr : optionIn(command()->options, name);
  }

  void take(std::size_t i) {
    const std::string& word = words_[i];
    if (waiting_ != nullptr) {
      options_.add(waiting_->key(), word);
      waiting_ = nullptr;
    } else if (word.starts_with("-") && word.size() > 1) {
      const std::size_t equals = word.find('=');
      const Option* option = find(word.substr(0, equals));
      if (option == nullptr) return;
      if (option->value.empty())
        options_.set(option->key());
      else if (equals != std::string::npos)
        options_.add(option->key(), word.substr(equals + 1));
      else
        waiting_ = option;
    } else if (const std::string longer = path_ + (path_.empty() ? "" : " ") + word;
               arguments_ == 0 && isBegin(longer)) {
      path_ = longer;
    } else {
      ++arguments_;
    }
  }

  Words words_;
  std::string path_, last_, before_;
  const Option* waiting_ = nullptr;
  std::size_t arguments_ = 0;
  ParsedOptions options_;
};

std::optional<NamedThing> namedBy(const Option& option) {
  const std::string key = option.key();
  if (key == "app") return NamedThing::App;
  if (key == "workspace") return NamedThing::Workspace;
  if (key == "var") return NamedThing::Variable;
  if (key == "deployment") return NamedThing::Deployment;
  if (option.value == "TYPE") return NamedThing::Type;
  return std::nullopt;
}

std::optional<NamedThing> namedBy(const Argument& argument, const std::string& command) {
  if (command == "plugin show") return NamedThing::Plugin;
  if (command == "rollback") return NamedThing::OlderDeployment;
  if (command == "build show") return NamedThing::Build;
  if (command == "artifact show") return NamedThing::Artifact;
  if (command == "release show") return NamedThing::Release;
  if (argument.name == "CODE") return NamedThing::ErrorCode;
  if (argument.name == "DEPLOYMENT" || argument.name == "VERSION") return NamedThing::Deployment;
  return std::nullopt;
}

Words valuesOf(const Typed& typed, const NamesOf& namesOf) {
  if (typed.waiting()->key() == "stage") return {"build", "push", "deploy", "release"};
  auto thing = namedBy(*typed.waiting());
  return thing ? namesOf(*thing, typed.options()) : Words();
}

// The next words of commands that begin with what stands there already.
void addCommandWords(Words& to, const Typed& typed) {
  if (typed.argumentCount() > 0) return;
  const std::string begun = typed.path().empty() ? "" : typed.path() + " ";
  for (const Command& command : commandTable()) {
    if (command.group.empty() || !command.path.starts_with(begun)) continue;
    addOnce(to, command.path.substr(begun.size(), command.path.find(' ', begun.size()) - begun.size()));
  }
}

void addArguments(Words& to, const Typed& typed, const NamesOf& namesOf) {
  const Command* command = typed.command();
  if (command == nullptr || typed.argumentCount() >= command->arguments.size()) return;
  const Argument& argument = command->arguments[typed.argumentCount()];
  for (const std::string& choice : argument.choices) addOnce(to, choice);
  if (auto thing = namedBy(argument, command->path)) {
    for (const std::string& name : namesOf(*thing, typed.options())) addOnce(to, name);
  }
}

void addFlags(Words& to, const std::vector<Option>& options) {
  for (const Option& option : options) addOnce(to, "--" + option.key());
}

}  // namespace

Words completionWords(const Words& words, const NamesOf& namesOf) {
  const Typed typed(words);
  Words candidates;
  if (typed.waiting() != nullptr) {
    candidates = valuesOf(typed, namesOf);
  } else if (typed.last().starts_with("-")) {
    if (typed.command() != nullptr) addFlags(candidates, typed.command()->options);
    addFlags(candidates, globalOptions());
  } else {
    addCommandWords(candidates, typed);
    addArguments(candidates, typed, namesOf);
  }
  std::erase_if(candidates, [&](const std::string& word) { return !word.starts_with(typed.last()); });
  for (std::string& word : candidates) word.insert(0, typed.before());
  return candidates;
}

}  // namespace cairn::cli
