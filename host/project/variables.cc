#include "host/project/variables.h"

#include "host/project/expression_check.h"
#include "host/project/json_variables.h"
#include "host/project/near_names.h"
#include "host/project/table_walk.h"
#include "host/project/text_file.h"
#include "host/project/toml_reader.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>

namespace cairn::host {
namespace {

const char* typeName(VariableType type) {
  static constexpr const char* kNames[] = {"a string", "a number", "true or false", "a list", "a map"};
  return kNames[static_cast<int>(type)];
}

class VariableReader {
 public:
  VariableReader(const Project& project, const VariableInputs& inputs) : project_(project), inputs_(inputs) {}

  Result<Variables, Errors> read() {
    readAll();
    for (const VariableDeclaration& variable : project_.variables) checkThere(variable);
    if (!errors_.empty()) return std::move(errors_);
    return std::move(out_);
  }

  Variables readKnown() {
    readAll();
    return std::move(out_);
  }

 private:
  void readAll() {
    for (const VariableDeclaration& variable : project_.variables) readFirst(variable);
    for (const auto& file : inputs_.files) readFile(file);
    for (const std::string& assignment : inputs_.assignments) readAssignment(assignment);
  }

  void take(const VariableDeclaration& variable, Datum value, std::string source) {
    value.secret = variable.secret;
    out_.insert_or_assign(variable.name, VariableValue{std::move(value), variable.secret, std::move(source)});
  }

  // From the default and from the environment.
  void readFirst(const VariableDeclaration& variable) {
    if (variable.defaultValue) take(variable, datumOf(*variable.defaultValue), "default");
    if (!inputs_.environment) return;
    for (const std::string& name : variable.env) {
      if (const auto text = inputs_.environment(name)) {
        takeText(variable, *text, "env " + name);
        break;
      }
    }
    const std::string own = environmentName(variable.name);
    if (const auto text = inputs_.environment(own)) takeText(variable, *text, own);
  }

  void readFile(const std::filesystem::path& path) {
    const std::string shown = path.string();
    auto text = readTextFile(path, shown);
    auto tree = !text                         ? Result<SettingsNode>(std::move(text).error())
                : path.extension() == ".json" ? readJsonVariables(*text, shown)
                                              : readToml(*text, shown);
    if (!tree) {
      errors_.push_back(std::move(tree).error());
      return;
    }
    for (const SettingsEntry& entry : *tree->table()) {
      const VariableDeclaration* variable = find(entry.name, entry.position, shown);
      if (variable == nullptr) continue;
      if (auto problem = checkVariable(*variable, entry.value, entry.name))
        refuse(*variable, std::move(*problem));
      else
        take(*variable, datumOf(entry.value), shown);
    }
  }

  void readAssignment(const std::string& assignment) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0) {
      errors_.push_back({.kind = ErrorKind::Config,
                         .code = "bad-assignment",
                         .message = "--var wants name=value, not '" + assignment.substr(0, equals) + "'",
                         .hint = "for example --var api=http://127.0.0.1:8080"});
      return;
    }
    const std::string name = assignment.substr(0, equals);
    if (const VariableDeclaration* variable = find(name, {}, "--var"))
      takeText(*variable, assignment.substr(equals + 1), "--var");
  }

  const VariableDeclaration* find(const std::string& name, const SourcePosition& position,
                                  const std::string& source) {
    std::vector<std::string> names;
    for (const VariableDeclaration& variable : project_.variables) {
      if (variable.name == name) return &variable;
      names.push_back(variable.name);
    }
    errors_.push_back(
        {.kind = ErrorKind::Config,
         .code = "unknown-variable",
         .message = source + " sets '" + name + "', but " + project_.file + " declares no such variable",
         .hint = names.empty() ? "declare it: [variables." + name + "]" : nameHint(name, names),
         .position = position});
    return nullptr;
  }

  // Strings are taken as they are; numbers and bools are read; lists and maps are written as JSON.
  void takeText(const VariableDeclaration& variable, const std::string& text, const std::string& source) {
    Datum value{.value = text};
    if (variable.type == VariableType::Text || parseAs(variable.type, text, value)) {
      take(variable, std::move(value), source);
      return;
    }
    const bool json = variable.type == VariableType::List || variable.type == VariableType::Map;
    const std::string shown = variable.secret ? "its value" : "\"" + text + "\"";
    refuse(variable, {.kind = ErrorKind::Config,
                      .code = "wrong-type",
                      .message = "variable '" + variable.name + "' must be " + typeName(variable.type) +
                                 ", but " + shown + " from " + source + " is not",
                      .hint = json ? "write lists and maps as JSON" : "",
                      .position = variable.position,
                      .settingPath = "variables." + variable.name});
  }

  static bool parseAs(VariableType type, const std::string& text, Datum& out) {
    if (type == VariableType::Bool) {
      out.value = text == "true";
      return text == "true" || text == "false";
    }
    if (parseJson(text, out)) return false;
    if (type == VariableType::List) return out.list() != nullptr;
    if (type == VariableType::Map) return out.map() != nullptr;
    return std::holds_alternative<std::int64_t>(out.value) || std::holds_alternative<double>(out.value);
  }

  void refuse(const VariableDeclaration& variable, Error error) {
    errors_.push_back(std::move(error));
    refused_.push_back(variable.name);
  }

  void checkThere(const VariableDeclaration& variable) {
    if (out_.count(variable.name) > 0) return;
    if (std::find(refused_.begin(), refused_.end(), variable.name) != refused_.end()) return;
    std::string names;
    for (const std::string& name : variable.env) names += name + "=… or ";
    errors_.push_back({.kind = ErrorKind::Config,
                       .code = "missing-variable",
                       .message = "variable '" + variable.name + "' has no value",
                       .hint = "give it with --var " + variable.name + "=…, with " + names +
                               environmentName(variable.name) + "=… in the environment, or with `" +
                               variable.name + " = …` in a file named by --var-file",
                       .position = variable.position,
                       .settingPath = "variables." + variable.name});
  }

  const Project& project_;
  const VariableInputs& inputs_;
  Variables out_;
  std::vector<std::string> refused_;
  Errors errors_;
};

}  // namespace

std::string environmentName(const std::string& variable) {
  std::string out = "CAIRN_VAR_";
  for (char c : variable)
    out += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

Environment processEnvironment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
  };
}

Variables readKnownVariables(const Project& project, const VariableInputs& inputs) {
  return VariableReader(project, inputs).readKnown();
}

Result<Variables, Errors> readVariables(const Project& project, const VariableInputs& inputs) {
  return VariableReader(project, inputs).read();
}

}  // namespace cairn::host
