#include "host/project/mapper_expression_check.h"

#include "host/project/expression_check.h"
#include "host/project/name_check.h"
#include "host/project/near_names.h"

#include <algorithm>

namespace cairn::host {
namespace {

constexpr std::size_t kFewErrors = 100;

class MapperTexts {
 public:
  MapperTexts(const Project& project, Errors& errors)
      : project_(project),
        names_(project, {"input"}, NameCheck::Place::Mapper),
        settingsNames_(project, {}, NameCheck::Place::Mapper),
        errors_(errors) {
    for (const VariableDeclaration& variable : project.variables) {
      if (variable.secret) secrets_.push_back(variable.name);
    }
  }

  void check(const MapperDeclaration& mapper) {
    mapper_ = &mapper;
    const std::string path = mapper.path();
    for (const SettingsNode& word : mapper.run) checkText(word, path + ".run", names_);
    const auto visit = [this](const NameCheck& names) {
      return [this, &names](const SettingsNode& text, const std::string& at) { checkText(text, at, names); };
    };
    forEachText(mapper.set, path + ".set", visit(names_));
    forEachText(mapper.settings, path + ".settings", visit(settingsNames_));
  }

 private:
  void checkText(const SettingsNode& node, const std::string& path, const NameCheck& names) {
    if (node.text() == nullptr || !holdsExpression(*node.text())) return;
    auto parsed = parseText(*node.text());
    if (!parsed) return fail(parsed.error(), node, path);
    for (const TextPart& part : parsed->parts) {
      if (!part.isExpression) continue;
      auto fault = names.check(part.expression);
      if (!fault) fault = checkValues(part.expression);
      if (fault) fail(*fault, node, path);
    }
  }

  void fail(const Fault& fault, const SettingsNode& node, const std::string& path) {
    // The place inside a string is found from the top of the file: not for each of thousands of mistakes.
    errors_.push_back(errorOf(fault, node, path, errors_.size() < kFewErrors ? &project_.source : nullptr));
  }

  std::optional<Fault> checkValues(const Expression& expression) const {
    if (expression.kind == Expression::Kind::Member &&
        expression.children[0].kind == Expression::Kind::Name) {
      if (auto fault = checkMember(expression.children[0].name, expression)) return fault;
    }
    for (const Expression& child : expression.children) {
      if (auto fault = checkValues(child)) return fault;
    }
    return std::nullopt;
  }

  std::optional<Fault> checkMember(const std::string& root, const Expression& member) const {
    if (root == "input" && !mapper_->inputs[0].role.empty()) return checkRole(member);
    const bool secret = root == "var" && mapper_->kind == MapperKind::Run &&
                        std::find(secrets_.begin(), secrets_.end(), member.name) != secrets_.end();
    if (!secret) return std::nullopt;
    return Fault{.offset = member.offset,
                 .message = "'" + member.name +
                            "' is a secret, and everyone on the machine can read a command's "
                            "arguments",
                 .hint = "give it in the environment: environment = [\"NAME\"]",
                 .code = "secret-in-arguments"};
  }

  std::optional<Fault> checkRole(const Expression& member) const {
    std::vector<std::string> roles;
    for (const DeclaredInput& input : mapper_->inputs) roles.push_back(input.role);
    if (std::find(roles.begin(), roles.end(), member.name) != roles.end()) return std::nullopt;
    return Fault{.offset = member.offset,
                 .message = "this mapper has no input '" + member.name + "'",
                 .hint = nameHint(member.name, roles),
                 .code = "unknown-input"};
  }

  const Project& project_;
  NameCheck names_, settingsNames_;
  std::vector<std::string> secrets_;
  Errors& errors_;
  const MapperDeclaration* mapper_ = nullptr;
};

}  // namespace

void checkMapperExpressions(const Project& project, Errors& errors) {
  MapperTexts texts(project, errors);
  for (const MapperDeclaration& mapper : project.mappers) texts.check(mapper);
}

}  // namespace cairn::host
