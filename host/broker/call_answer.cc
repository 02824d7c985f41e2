#include "host/broker/call_answer.h"

namespace cairn::host {
namespace {

Error firstOf(capnp::List<wire::Diagnostic>::Reader diagnostics, ErrorKind otherwise, const Asked& asked) {
  kj::Maybe<Error> main;
  for (auto diagnostic : diagnostics) {
    if (diagnostic.getSeverity() != wire::Diagnostic::Severity::ERROR) continue;
    Error error = readDiagnostic(diagnostic);
    KJ_IF_MAYBE (first, main) {
      first->detail += (first->detail.empty() ? "" : "\n") + error.message;
    } else {
      main = std::move(error);
    }
  }
  KJ_IF_MAYBE (error, main) return std::move(*error);
  return Error{otherwise,
               "plugin-gave-no-reason",
               "the plugin \"" + asked.plugin + "\" " +
                   (otherwise == ErrorKind::Refused ? "refused" : "failed") + " the " + asked.title +
                   " and gave no reason",
               "run it with -v to see what it prints, and report it to its author",
               {}};
}

Result<Value> readChecked(wire::Value::Reader reader, const Asked& asked) {
  auto value = readValue(reader);
  if (!value || value->empty()) return value;
  if (auto schema = asked.manifest->schemas().get(value->typeId)) CAIRN_TRY(checkValue(*value, *schema));
  return value;
}

Result<Value> readAnswer(wire::Value::Reader reader, const Asked& asked) {
  auto value = readChecked(reader, asked);
  if (!value) {
    Error error = std::move(value).error();
    if (error.hint.empty()) error.hint = kMistakeOfPlugin;
    return std::move(error).context("reading what the plugin \"" + asked.plugin + "\" answered to the " +
                                    asked.title);
  }
  if (value->typeId == asked.output) return value;
  return Error{ErrorKind::Internal,
               "wrong-type-returned",
               "the plugin \"" + asked.plugin + "\" answered the " + asked.title + " with " +
                   (value->empty() ? "nothing" : "a " + value->typeName) + ", its manifest promises " +
                   (asked.output == 0 ? "nothing" : "a " + asked.outputName),
               kMistakeOfPlugin,
               {}};
}

}  // namespace

const char kMistakeOfPlugin[] = "this is a mistake of the plugin: report it to its author";

Asked askedOf(const LocatedPlugin& plugin, const Invocation& invocation, const std::string& title) {
  Asked asked{plugin.bundle.name, title, 0, {}, plugin.manifest};
  const Manifest& manifest = *plugin.manifest;
  if (!invocation.mapper.empty()) {
    for (auto mapper : manifest.reader().getMappers()) {
      if (mapper.getName() == invocation.mapper) asked.output = mapper.getOutput();
    }
  } else {
    KJ_IF_MAYBE (component, manifest.component(invocation.kind, invocation.component)) {
      KJ_IF_MAYBE (operation, operationOf(*component, invocation.operation))
        asked.output = operation->getOutput();
    }
  }
  asked.outputName = manifest.typeName(asked.output);
  return asked;
}

Result<CallAnswer> readOutcome(wire::Outcome::Reader outcome, const Asked& asked) {
  if (outcome.isRefused()) {
    Error error = firstOf(outcome.getDiagnostics(), ErrorKind::Refused, asked);
    error.kind = ErrorKind::Refused;
    return error;
  }
  if (!outcome.isOk()) return firstOf(outcome.getDiagnostics(), ErrorKind::Failed, asked);
  CallAnswer answer;
  answer.value = CAIRN_TRY(readAnswer(outcome.getOk(), asked));
  for (auto diagnostic : outcome.getDiagnostics()) answer.warnings.push_back(readDiagnostic(diagnostic));
  return answer;
}

Result<void> checkStandardAnswer(const Value& value, capnp::StructSchema type, const std::string& typeName,
                                 const std::string& plugin, const std::string& operation) {
  if (value.typeId != type.getProto().getId()) {
    return Error{ErrorKind::Internal,
                 "wrong-type-returned",
                 "the plugin \"" + plugin + "\" answers the " + operation + " with " +
                     (value.empty() ? "nothing" : "a " + value.typeName) + " instead of a " + typeName,
                 kMistakeOfPlugin,
                 {}};
  }
  auto read = checkValue(value, type);
  if (read) return {};
  Error error = std::move(read).error();
  error.hint = kMistakeOfPlugin;
  return std::move(error).context("reading what the plugin \"" + plugin + "\" answered to the " + operation);
}

}  // namespace cairn::host
