#include "host/project/name_check.h"

#include "host/project/expression_check.h"
#include "host/project/functions.h"
#include "host/project/near_names.h"

#include <algorithm>

namespace cairn::host {

NameCheck::NameCheck(const Project& project, const std::vector<std::string>& more, Place place)
    : project_(project), place_(place) {
  roots_ = {"var", "git", "app", "project", "workspace", "labels", "env"};
  roots_.insert(roots_.end(), more.begin(), more.end());
  for (const VariableDeclaration& variable : project.variables) variables_.push_back(variable.name);
}

std::optional<Fault> NameCheck::check(const Expression& expression) const {
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

std::optional<Fault> NameCheck::checkRoot(const Expression& name) const {
  if (std::find(roots_.begin(), roots_.end(), name.name) != roots_.end()) return std::nullopt;
  static const std::vector<std::string> kOutputs = {"build", "artifact", "deploy", "deployment"};
  const bool later = std::find(kOutputs.begin(), kOutputs.end(), name.name) != kOutputs.end();
  if (later && place_ == Place::Mapper) {
    std::string seen;
    for (const std::string& root : roots_) seen += (seen.empty() ? "" : ", ") + root;
    return Fault{.offset = name.offset,
                 .message = "'" + name.name + "' is not there in a mapper",
                 .hint = "what stages made is seen in stages and hooks; here there are " + seen};
  }
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

std::optional<Fault> NameCheck::checkMember(const std::string& root, const Expression& member) const {
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

std::optional<Fault> NameCheck::checkCall(const Expression& call) {
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

void TextCheck::check(const SettingsNode& node, const std::string& path) {
  forEachText(node, path,
              [this](const SettingsNode& text, const std::string& textPath) { checkText(text, textPath); });
}

void TextCheck::checkText(const SettingsNode& node, const std::string& path) {
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

}  // namespace cairn::host
