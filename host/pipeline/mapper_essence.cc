#include "host/pipeline/mapper_essence.h"

#include <host/broker/digest.h>
#include <host/broker/spawn.h>
#include <host/project/evaluate.h>
#include <host/project/expression.h>
#include <host/project/expression_essence.h>

#include <algorithm>
#include <set>

namespace cairn::host {
namespace {

namespace fs = std::filesystem;

// Empty where there is no such file, or it can't be read.
std::string contentOf(const fs::path& file) {
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return {};
  auto digest = digestOfFile(file);
  return digest ? *digest : std::string();
}

template <typename Content>
std::string digestOf(const MapperEssence& essence, Content content) {
  Digester digester;
  digester.add(essence.said);
  for (const fs::path& file : essence.files) digester.add(content(file));
  return digester.finish();
}

// What is known before a value goes through, and wherever the project lies.
Scope withoutValues(const Scope& scope) {
  Scope out = scope;
  for (const char* name : {"input", "git", "project", "app"}) out.extra[name] = Datum::unknown();
  return out;
}

// Names of the environment that secrets of the project are read from.
std::set<std::string> secretNames(const Project& project) {
  std::set<std::string> out;
  for (const VariableDeclaration& variable : project.variables) {
    if (!variable.secret) continue;
    out.insert(variable.env.begin(), variable.env.end());
    out.insert(environmentName(variable.name));
  }
  return out;
}

void addEnvironment(const MapperDeclaration& declaration, const Project& project, Digester& digester) {
  if (declaration.environment.empty()) return;
  const std::set<std::string> secrets = secretNames(project);
  ProcessEnvironment always = pluginEnvironment({});
  ProcessEnvironment seen = pluginEnvironment(declaration.environment);
  std::sort(always.begin(), always.end());
  std::sort(seen.begin(), seen.end());
  for (const auto& entry : seen) {
    if (std::binary_search(always.begin(), always.end(), entry)) continue;
    digester.add(entry.first).add(secrets.count(entry.first) > 0 ? "a secret" : "=" + entry.second);
  }
}

std::vector<fs::path> filesOf(const MapperDeclaration& declaration, Scope scope) {
  std::vector<fs::path> out;
  scope.extra["input"] = Datum::unknown();
  for (const SettingsNode& word : declaration.run) {
    if (word.text() == nullptr) continue;
    auto worth = evaluateText(*word.text(), scope);
    if (!worth || !worth->fullyKnown() || worth->holdsSecret()) continue;
    if (std::string text = datumText(*worth); !text.empty()) out.push_back(declaration.folder / text);
  }
  return out;
}

}  // namespace

std::string digestOf(const MapperEssence& essence) {
  return digestOf(essence, contentOf);
}

std::string MapperEssences::digest(const MapperHome& home, const Scope& scope) {
  MapperEssence essence = essenceOf(home, scope);
  std::string digest = digestOf(essence, [this](const fs::path& file) {
    auto [known, isNew] = read_.try_emplace(file);
    if (isNew) known->second = contentOf(file);
    return known->second;
  });
  if (home.declared->isGate() && home.declared->kind == MapperKind::Run)
    gateCommands_.emplace(digest, std::move(essence));
  return digest;
}

MapperEssence MapperEssences::essenceOf(const MapperHome& home, const Scope& scope) const {
  const MapperDeclaration& declaration = *home.declared;
  const Scope known = withoutValues(scope);
  Digester digester;
  digester.add(declaration.name).add(std::to_string(static_cast<int>(declaration.kind)));
  for (const auto& input : declaration.inputs) digester.add(input.type).add(input.role);
  digester.add(declaration.output.type);
  for (const auto& word : declaration.run) digester.add(essenceOfNode(word, known));
  digester.add(essenceOfNode(declaration.set, known))
      .add(declaration.use)
      .add(essenceOfNode(declaration.settings, known));
  if (declaration.isGate() && declaration.kind == MapperKind::Use) digester.add(plugins_[home.plugin].digest);
  for (const auto& name : declaration.environment) digester.add(name);
  addEnvironment(declaration, project_, digester);
  digester.add(declaration.folder.lexically_relative(project_.root).string());
  return {digester.finish(), filesOf(declaration, scope)};
}

}  // namespace cairn::host
