#include "host/pipeline/declared_step.h"

#include <host/project/decode_settings.h>
#include <host/project/mapper_values.h>
#include <host/project/resolve_settings.h>

#include <iterator>

namespace cairn::host {
namespace {

void take(Errors&& more, Errors& errors) {
  errors.insert(errors.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

class DeclaredStep {
 public:
  DeclaredStep(const MapperDeclaration& declaration, const Project& project, const Scope& scope)
      : declaration_(declaration), project_(project), scope_(scope) {
    scope_.extra["input"] = Datum::unknown();
  }

  void run(wire::Plan::DeclaredMapper::Builder out) {
    auto words = out.initRun(declaration_.run.size());
    for (unsigned i = 0; i < words.size(); ++i) resolve(declaration_.run[i], words[i], false);
  }
  void set(wire::Setting::Builder out) { resolve(declaration_.set, out, false); }
  void settings(const LocatedPlugin& plugin, std::uint64_t type, wire::Setting::Builder out) {
    if (type == 0) {
      if (declaration_.settings.table() == nullptr || declaration_.settings.table()->empty()) return;
      return errors.push_back(Error{ErrorKind::Config,
                                    "unknown-key",
                                    declaration_.use + " takes no settings",
                                    {},
                                    {},
                                    declaration_.settings.table()->front().position});
    }
    if (!resolve(declaration_.settings, out, true)) return;
    auto schema = plugin.manifest->schemas().get(type);
    if (!schema) return errors.push_back(std::move(schema).error());
    decode(declaration_.settings, out, *schema, "settings");
  }

  Errors errors;

 private:
  bool resolve(const SettingsNode& node, wire::Setting::Builder out, bool maySecret) {
    auto resolved = resolveSettings(node, scope_, out);
    if (!resolved) {
      take(std::move(resolved).error(), errors);
      return false;
    }
    if (maySecret || resolved->secretPaths.empty()) return true;
    const bool isCommand = declaration_.kind == MapperKind::Run;
    errors.push_back(Error{ErrorKind::Config,
                           isCommand ? "secret-in-arguments" : "secret-in-value",
                           "'" + declaration_.path() + "' would show a secret",
                           isCommand
                               ? "a command gets a secret through its environment: environment = [\"NAME\"]"
                               : "a value is written down as it is: leave the secret out of it",
                           {},
                           node.position});
    return false;
  }
  void decode(const SettingsNode& written, wire::Setting::Reader table, capnp::StructSchema schema,
              const char* what) {
    DecodeOptions options;
    options.pathPrefix = declaration_.path() + "." + what;
    options.file = project_.file;
    options.owner = "mapper " + declaration_.name;
    options.appPath = project_.root;
    options.projectPath = project_.root;
    options.written = &written;
    options.mayBeUnknown = true;
    auto decoded = decodeSettings(table, schema, options);
    if (!decoded) take(std::move(decoded).error(), errors);
  }

  const MapperDeclaration& declaration_;
  const Project& project_;
  Scope scope_;
};

capnp::Text::Reader asText(const std::string& text) {
  return {text.c_str(), text.size()};
}

template <typename List>
void writeTexts(const std::vector<std::string>& texts, List out) {
  for (unsigned i = 0; i < out.size(); ++i) out.set(i, asText(texts[i]));
}

}  // namespace

std::string declaredPath(const std::string& mapperId) {
  const std::string name = mapperId.substr(mapperId.find('/') + 1);
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos) return "mapper." + name;
  return "app." + name.substr(0, dot) + ".mapper." + name.substr(dot + 1);
}

Errors writeDeclared(const MapperHome& home, const graph::Step& step, const PluginSet& plugins,
                     const TypeSchemas& schemas, const Project& project, const Scope& scope,
                     MapperEssences& essences, wire::Plan::Step::Builder out) {
  const MapperDeclaration& declaration = *home.declared;
  auto declared = out.initDeclared();
  const std::string digest = essences.digest(home, scope);
  declared.setDigest(kj::StringPtr(digest.c_str(), digest.size()).asBytes());
  if (!declaration.gate.empty()) declared.setGate(declaration.name);
  declared.setApp(declaration.app);
  declared.setFolder(declaration.folder.string());
  declared.setTimeoutMs(declaration.timeout ? static_cast<std::uint64_t>(declaration.timeout->count()) : 0);
  declared.setLine(static_cast<std::uint32_t>(declaration.position.line));
  declared.setColumn(static_cast<std::uint32_t>(declaration.position.column));
  writeTexts(declaration.after, declared.initAfter(declaration.after.size()));
  writeTexts(declaration.environment, declared.initEnvironment(declaration.environment.size()));
  std::vector<std::string> roles;
  for (const DeclaredInput& input : declaration.inputs)
    roles.push_back(declaration.inputs.size() > 1 && input.role.empty() ? input.type : input.role);
  writeTexts(roles, declared.initRoles(roles.size()));

  if (declaration.kind != MapperKind::Use) {
    InputSchemas inputs;
    for (const auto& input : step.inputs) {
      auto schema = schemas.get(input.type);
      if (!schema) return {std::move(schema).error()};
      inputs.push_back(*schema);
    }
    auto output = schemas.get(step.output);
    if (!output) return {std::move(output).error()};
    Errors errors = checkMapperTypes(declaration, inputs, *output, scope);
    if (!errors.empty()) return errors;
  }
  DeclaredStep written(declaration, project, scope);
  switch (declaration.kind) {
    case MapperKind::Run:
      written.run(declared);
      break;
    case MapperKind::Set:
      written.set(declared.initSet());
      break;
    case MapperKind::Use:
      declared.setUse();
      written.settings(plugins[home.plugin], home.mapper.getSettingsType(), out.initSettings());
      break;
  }
  return std::move(written.errors);
}

}  // namespace cairn::host
