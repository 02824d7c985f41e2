#include "host/project/expression_check.h"

#include "host/project/functions.h"
#include "host/project/near_names.h"
#include "host/project/scope.h"
#include "host/project/string_place.h"
#include "host/project/table_walk.h"

#include <algorithm>

namespace cairn::host {
namespace {

// The names that an expression may use at one place.
class NameCheck {
 public:
  NameCheck(const Project& project, const std::vector<std::string>& outputs) : project_(project) {
    roots_ = {"var", "git", "app", "project", "workspace", "labels", "env"};
    roots_.insert(roots_.end(), outputs.begin(), outputs.end());
    for (const VariableDeclaration& variable : project.variables) variables_.push_back(variable.name);
  }

  std::optional<Fault> check(const Expression& expression) const {
    using Kind = Expression::Kind;
    if (expression.kind == Kind::Name) return checkRoot(expression);
    if (expression.kind == Kind::Call) {
      if (auto fault = checkCall(expression)) return fault;
    }
    if (expression.kind == Kind::Member && expression.children[0].kind == Kind::Name) {
      if (auto fault = checkMember(expression.children[0].name, expression)) return fault;
    }
    for (const Expression& child : expression.children) {
      if (auto fault = check(child)) return fault;
    }
    return std::nullopt;
  }

 private:
  std::optional<Fault> checkRoot(const Expression& name) const {
    if (std::find(roots_.begin(), roots_.end(), name.name) != roots_.end()) return std::nullopt;
    static const std::vector<std::string> kOutputs = {"build", "artifact", "deploy", "deployment"};
    const bool later = std::find(kOutputs.begin(), kOutputs.end(), name.name) != kOutputs.end();
    if (later) {
      return Fault{.offset = name.offset,
                   .message = "'" + name.name + "' is not there yet in this stage",
                   .hint = "a stage sees what earlier stages made"};
    }
    if (findFunction(name.name) != nullptr) {
      return Fault{.offset = name.offset,
                   .message = "'" + name.name + "' is a function: it needs arguments",
                   .hint = findFunction(name.name)->usage};
    }
    const bool isVariable = std::find(variables_.begin(), variables_.end(), name.name) != variables_.end();
    return Fault{.offset = name.offset,
                 .message = "there is nothing named '" + name.name + "'",
                 .hint = isVariable ? "variables are written var." + name.name : nameHint(name.name, roots_)};
  }

  std::optional<Fault> checkMember(const std::string& root, const Expression& member) const {
    if (root == "var" && std::find(variables_.begin(), variables_.end(), member.name) == variables_.end()) {
      return Fault{.offset = member.offset,
                   .message = "there is no variable '" + member.name + "'",
                   .hint = variables_.empty() ? "declare it: [variables." + member.name + "]"
                                              : nameHint(member.name, variables_),
                   .code = "unknown-variable"};
    }
    const auto& allowed = project_.environment;
    if (root == "env" && std::find(allowed.begin(), allowed.end(), member.name) == allowed.end()) {
      return Fault{.offset = member.offset,
                   .message = "the environment's '" + member.name + "' may not be read here",
                   .hint = "allow it at the top of the file: env = [\"" + member.name + "\"]"};
    }
    if (root != "git") return std::nullopt;
    static const std::vector<std::string> kGit = {"commit", "short", "branch",     "ref",         "tag",
                                                  "pretty", "dirty", "ref_pretty", "commit_time", "remote"};
    if (std::find(kGit.begin(), kGit.end(), member.name) != kGit.end()) return std::nullopt;
    return Fault{.offset = member.offset,
                 .message = "git has no '" + member.name + "'",
                 .hint = nameHint(member.name, kGit)};
  }

  static std::optional<Fault> checkCall(const Expression& call) {
    const Function* function = findFunction(call.name);
    if (function == nullptr) {
      std::string hint = nameHint(call.name, functionNames());
      if (hint.starts_with("known:")) hint = "docs/cairn-toml.md lists the functions";
      return Fault{.offset = call.offset,
                   .message = "there is no function '" + call.name + "'",
                   .hint = std::move(hint)};
    }
    return checkArgumentCount(*function, call);
  }

  const Project& project_;
  std::vector<std::string> roots_;
  std::vector<std::string> variables_;
};

class TextCheck {
 public:
  TextCheck(const Project& project, const std::vector<std::string>& outputs, Errors& errors)
      : project_(project), names_(project, outputs), errors_(errors) {}

  void check(const SettingsNode& node, const std::string& path) {
    forEachText(node, path,
                [this](const SettingsNode& text, const std::string& textPath) { checkText(text, textPath); });
  }

 private:
  void checkText(const SettingsNode& node, const std::string& path) {
    if (!holdsExpression(*node.text())) return;
    auto parsed = parseText(*node.text());
    if (!parsed) {
      errors_.push_back(errorOf(parsed.error(), node, path, &project_.source));
      return;
    }
    for (const TextPart& part : parsed->parts) {
      if (!part.isExpression) continue;
      if (auto fault = names_.check(part.expression))
        errors_.push_back(errorOf(*fault, node, path, &project_.source));
    }
  }

  const Project& project_;
  NameCheck names_;
  Errors& errors_;
};

void checkLabels(const LabelNodes& labels, const std::string& path, TextCheck& check) {
  for (const auto& [name, node] : labels) check.check(node, path + ".labels." + name);
}

}  // namespace

void checkExpressions(const Project& project, Errors& errors) {
  for (const App& app : project.apps) {
    const std::string path = "app." + app.name;
    std::vector<std::string> outputs;
    TextCheck early(project, outputs, errors);
    checkLabels(app.labels, path, early);
    for (const Stage& stage : app.stages) {
      const std::string stagePath = path + "." + std::string(stageTable(stage.kind));
      TextCheck check(project, outputs, errors);
      check.check(stage.settings, stagePath);
      checkLabels(stage.labels, stagePath, early);
      for (const std::string& name : outputNames(stage.kind)) outputs.push_back(name);
      // A hook after the stage sees what the stage made.
      TextCheck after(project, outputs, errors);
      for (const Hook& hook : stage.hooks) {
        for (const SettingsNode& word : hook.run) {
          (hook.when == Hook::When::After ? after : check).check(word, stagePath + ".hook.run");
        }
      }
    }
  }
}

Error errorOf(const Fault& fault, const SettingsNode& node, const std::string& path,
              const std::string* source) {
  SourcePosition position = node.position;
  if (source != nullptr) position = placeInString(*source, node.position, fault.offset);
  return {.kind = fault.kind,
          .code = fault.code,
          .message = fault.message,
          .hint = fault.hint,
          .position = position,
          .settingPath = path};
}

void forEachText(const SettingsNode& node, const std::string& path,
                 const std::function<void(const SettingsNode&, const std::string&)>& visit) {
  if (node.text() != nullptr) return visit(node, path);
  if (const auto* list = node.list()) {
    for (std::size_t i = 0; i < list->size(); ++i)
      forEachText((*list)[i], path + "[" + std::to_string(i) + "]", visit);
  }
  if (const auto* table = node.table()) {
    for (const SettingsEntry& entry : *table)
      forEachText(entry.value, path.empty() ? entry.name : path + "." + entry.name, visit);
  }
}

std::string variableNameProblem(std::string_view name) {
  std::string plain(name);
  std::replace(plain.begin(), plain.end(), '_', 'x');
  const std::string problem = nameProblem(plain);
  return problem.starts_with("only") ? "only lower-case letters, digits, '_' and '-' are allowed" : problem;
}

std::optional<Error> checkVariable(const VariableDeclaration& variable, const SettingsNode& value,
                                   const std::string& path) {
  static constexpr std::string_view kWanted[] = {"a string", "a number", "true or false", "a list",
                                                 "a table"};
  bool fits = false;
  switch (variable.type) {
    case VariableType::Text:
      fits = value.text() != nullptr;
      break;
    case VariableType::Number:
      fits = value.integer() != nullptr || std::holds_alternative<double>(value.value);
      break;
    case VariableType::Bool:
      fits = value.boolean() != nullptr;
      break;
    case VariableType::List:
      fits = value.list() != nullptr;
      break;
    case VariableType::Map:
      fits = value.table() != nullptr;
      break;
  }
  if (!fits) return wrongType(value, path, kWanted[static_cast<int>(variable.type)]);
  std::optional<Error> problem;
  forEachText(value, path, [&](const SettingsNode& text, const std::string& textPath) {
    if (problem || !holdsExpression(*text.text())) return;
    problem = Error{.kind = ErrorKind::Config,
                    .code = "bad-expression",
                    .message = "'" + textPath + "' can't hold an expression",
                    .hint = "the values of variables are taken as they are",
                    .position = text.position,
                    .settingPath = textPath};
  });
  return problem;
}

}  // namespace cairn::host
