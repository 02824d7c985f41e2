#include "host/project/mapper_values.h"

#include "host/project/evaluate.h"
#include "host/project/expression_check.h"
#include "host/project/input_fields.h"
#include "host/project/resolve_settings.h"

#include <capnp/message.h>

namespace cairn::host {
namespace {

Scope withInput(const Scope& scope, Datum input) {
  Scope out = scope;
  out.extra["input"] = std::move(input);
  return out;
}

Datum inputDatum(const MapperDeclaration& mapper, const InputValues& inputs) {
  if (mapper.inputs[0].role.empty()) return datumOf(inputs[0]);
  Datum::Map roles;
  for (std::size_t i = 0; i < inputs.size(); ++i) roles[mapper.inputs[i].role] = datumOf(inputs[i]);
  return {.value = std::move(roles)};
}

Fault secretInValue() {
  return {.message = "a secret would become a part of a value, which is kept on record",
          .hint =
              "give the secret where it is used: in the settings of a component, or in the environment of a "
              "command",
          .code = "secret-in-value"};
}

Fault secretInArguments() {
  return {.message = "a secret would become an argument, which everyone on the machine can read",
          .hint = "give it in the environment: environment = [\"NAME\"]",
          .code = "secret-in-arguments"};
}

std::string setPath(const MapperDeclaration& mapper) {
  return mapper.path() + ".set";
}

void refuseSecrets(const MapperDeclaration& mapper, const Resolution& resolution, Errors& errors) {
  for (const std::string& path : resolution.secretPaths)
    errors.push_back(errorOf(secretInValue(), mapper.set, setPath(mapper) + "." + path, nullptr));
}

// `mayBeUnknown`: when planning, the inputs' values are not there.
Result<DecodedSettings, Errors> decodeSet(const MapperDeclaration& mapper, capnp::StructSchema output,
                                          const Scope& scope, bool mayBeUnknown) {
  capnp::MallocMessageBuilder message;
  auto setting = message.initRoot<wire::Setting>();
  auto resolved = resolveSettings(mapper.set, scope, setting);
  if (!resolved) return std::move(resolved).error();
  Errors errors;
  refuseSecrets(mapper, *resolved, errors);
  if (!errors.empty()) return errors;
  return decodeSettings(setting, output,
                        {.pathPrefix = setPath(mapper),
                         .file = mapper.position.file,
                         .owner = "type " + mapper.output.type,
                         .keyWord = "field",
                         .appPath = scope.appPath,
                         .projectPath = scope.projectPath,
                         .written = &mapper.set,
                         .mayBeUnknown = mayBeUnknown});
}

Result<std::string, Fault> wordOf(const std::string& written, const Scope& scope, bool mayBeUnknown) {
  auto worth = evaluateText(written, scope);
  if (!worth) return std::move(worth).error();
  if (worth->holdsSecret()) return secretInArguments();
  if (!worth->fullyKnown()) {
    if (mayBeUnknown) return std::string();
    return Fault{.message = "this is not known here", .hint = "a mapper sees its inputs, not the stages"};
  }
  std::string word = datumText(*worth);
  if (word.find('\0') == std::string::npos) return word;
  return Fault{.message = "an argument can't hold a zero byte",
               .hint = "let the command read the value from its standard input",
               .code = "bad-value"};
}

Result<std::vector<std::string>, Errors> wordsOf(const MapperDeclaration& mapper, const Scope& scope,
                                                 bool mayBeUnknown) {
  std::vector<std::string> out;
  Errors errors;
  for (const SettingsNode& node : mapper.run) {
    auto word = wordOf(*node.text(), scope, mayBeUnknown);
    if (word)
      out.push_back(std::move(*word));
    else
      errors.push_back(errorOf(word.error(), node, mapper.path() + ".run", scope.source));
  }
  if (!errors.empty()) return errors;
  return out;
}

}  // namespace

Errors checkMapperTypes(const MapperDeclaration& mapper, const InputSchemas& inputs,
                        capnp::StructSchema output, const Scope& scope) {
  Errors errors = checkInputFields(mapper, inputs, output, scope.source);
  if (!errors.empty() || mapper.kind == MapperKind::Use) return errors;
  const Scope planned = withInput(scope, Datum::unknown());
  if (mapper.kind == MapperKind::Run) {
    auto words = wordsOf(mapper, planned, true);
    return words ? errors : std::move(words).error();
  }
  auto decoded = decodeSet(mapper, output, planned, true);
  return decoded ? errors : std::move(decoded).error();
}

Result<DecodedSettings, Errors> evaluateSet(const MapperDeclaration& mapper, const InputValues& inputs,
                                            capnp::StructSchema output, const Scope& scope) {
  return decodeSet(mapper, output, withInput(scope, inputDatum(mapper, inputs)), false);
}

Result<std::vector<std::string>, Errors> commandOf(const MapperDeclaration& mapper, const InputValues& inputs,
                                                   const Scope& scope) {
  return wordsOf(mapper, withInput(scope, inputDatum(mapper, inputs)), false);
}

}  // namespace cairn::host
