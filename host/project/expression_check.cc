#include "host/project/expression_check.h"

#include "host/project/mapper_expression_check.h"
#include "host/project/name_check.h"
#include "host/project/scope.h"
#include "host/project/string_place.h"
#include "host/project/table_walk.h"

#include <algorithm>

namespace cairn::host {
namespace {

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
  checkMapperExpressions(project, errors);
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
