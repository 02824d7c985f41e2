#include "host/pipeline/declared_command.h"

#include <cairn/dynamic/json.h>
#include <host/broker/command.h>
#include <host/project/settings_schema.h>

#include <capnp/any.h>

namespace cairn::host {
namespace {

constexpr std::size_t kMaxTold = 1 << 20;  // of stderr, that goes into the run's log

Result<std::string> asJson(const RunState& run, const Value& value) {
  auto schema = CAIRN_TRY(run.schemas->get(value.typeId));
  ValueReader reader(value);
  return cairn::toJson(reader.as(schema));
}

// The value, or an object of all of them by their roles.
Result<std::string> inputText(const RunState& run, const DeclaredCommand& command,
                              const std::vector<Value>& inputs) {
  if (inputs.size() == 1 && command.roles[0].empty()) return CAIRN_TRY(asJson(run, inputs[0])) + "\n";
  std::string out;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    out += (i == 0 ? "{\"" : ",\"") + command.roles[i] + "\":" + CAIRN_TRY(asJson(run, inputs[i]));
  return out + "}\n";
}

ProcessEnvironment environmentOf(const RunState& run, const DeclaredCommand& command) {
  ProcessEnvironment out = pluginEnvironment(command.environment);
  out.emplace_back("CAIRN_PROJECT", run.plan.getProject());
  out.emplace_back("CAIRN_WORKSPACE", run.plan.getWorkspace());
  return out;
}

// Tells lines up to a limit: a command that complains without end fills no disk.
class Teller {
 public:
  explicit Teller(const Emitter& emitter) : emitter_(emitter) {}

  void tell(std::string line) {
    if (told_ > kMaxTold) return;
    told_ += line.size() + 1;
    if (told_ > kMaxTold) line = "… (what else it says is left out)";
    line += '\n';
    emitter_.emit([&](wire::Event::Builder event) {
      auto output = event.initOutput();
      output.setStream(wire::Stream::STDERR);
      output.setBytes(kj::StringPtr(line.c_str(), line.size()).asBytes());
    });
  }

 private:
  const Emitter& emitter_;
  std::size_t told_ = 0;
};

std::string titleOf(const DeclaredCommand& command) {
  return command.gate.empty() ? "the mapper " + command.mapper : "the gate " + command.gate;
}

Error badOutput(const DeclaredCommand& command, const TypeSchemas& schemas, Error cause) {
  const std::string type = valueOf(schemas, command.output).typeName;
  std::string message = titleOf(command) + " printed what is no " + type + ": ";
  if (!cause.settingPath.empty()) message += "at " + cause.settingPath + ": ";
  Error error{ErrorKind::Failed, "mapper-bad-output", message + cause.message,
              !cause.hint.empty() ? std::move(cause.hint)
                                  : "its stdout must be one " + type +
                                        " as JSON, and nothing else; what is for people goes to stderr",
              std::move(cause.detail)};
  return error;
}

bool isEmpty(capnp::DynamicStruct::Reader value, capnp::StructSchema::Field field) {
  if (!value.has(field)) return true;
  return (field.getType().isText() && value.get(field).as<capnp::Text>().size() == 0) ||
         (field.getType().isList() && value.get(field).as<capnp::DynamicList>().size() == 0);
}

// The first text, list or struct that its schema requires and that is not there, or empty; empty: none.
// Whether a number was printed shows no more.
std::string missingField(capnp::DynamicStruct::Reader value, const std::string& path) {
  for (auto field : value.getSchema().getNonUnionFields()) {
    const std::string name = path + field.getProto().getName().cStr();
    if (fieldTraits(field).required && isEmpty(value, field)) return name;
    if (!field.getType().isStruct() || !value.has(field)) continue;
    if (auto missing = missingField(value.get(field).as<capnp::DynamicStruct>(), name + ".");
        !missing.empty())
      return missing;
  }
  return {};
}

// The printed JSON as a value of the output's type.
Result<Value> readOutput(const DeclaredCommand& command, const TypeSchemas& schemas,
                         const std::string& text) {
  auto schema = CAIRN_TRY(schemas.get(command.output));
  auto holder = fromJson(text, schema);
  if (!holder) return badOutput(command, schemas, std::move(holder).error());
  if (const std::string missing = missingField(holder->reader(), ""); !missing.empty()) {
    Error error{ErrorKind::Config, "mapper-bad-output", "it must be there, and not be empty", {}, {}};
    error.settingPath = missing;
    return badOutput(command, schemas, std::move(error));
  }
  capnp::MallocMessageBuilder message;
  message.setRoot(holder->reader());
  Value value = valueOf(schemas, command.output);
  value.words = canonicalWords(message.getRoot<capnp::AnyPointer>().asReader().getAs<capnp::AnyStruct>());
  if (value.sizeBytes() <= kMaxValueBytes) return value;
  return Error{ErrorKind::Failed,
               "value-too-large",
               titleOf(command) + " made a " + value.typeName + " of " + std::to_string(value.sizeBytes()) +
                   " bytes; a value may have 1 MiB at most",
               "bulk belongs in a content-addressed file that the value names",
               {}};
}

bool isBlank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

Result<Value> valueFrom(const DeclaredCommand& command, const TypeSchemas& schemas, const CommandEnd& end,
                        const std::vector<Value>& inputs) {
  if (!isBlank(end.output)) return readOutput(command, schemas, end.output);
  if (!command.gate.empty() && inputs.size() == 1 && inputs[0].typeId == command.output) return inputs[0];
  return Error{ErrorKind::Failed, "mapper-no-output",
               titleOf(command) + " ended well, but printed no " + valueOf(schemas, command.output).typeName,
               "only a gate whose `from` and `to` are one type may print nothing", end.tail};
}

Error failure(const DeclaredCommand& command, const CommandEnd& end, const std::vector<Value>& inputs) {
  const std::string why = command.words[0] + " " + end.text;
  Error error =
      command.gate.empty()
          ? Error{ErrorKind::Failed,
                  "mapper-failed",
                  "the mapper " + command.mapper + " can't convert this " + typesOf(inputs) + ": " + why,
                  command.started,
                  {}}
          : gateRefused(command.gate, typesOf(inputs), command.started, why);
  error.detail = end.tail;
  return error;
}

}  // namespace

Value valueOf(const TypeSchemas& schemas, std::uint64_t type) {
  Value value;
  value.typeId = type;
  KJ_IF_MAYBE (known, schemas.find(type)) {
    value.typeName = known->getName();
    value.schemaDigest.assign(known->getDigest().asChars().begin(), known->getDigest().size());
    value.hostLocal = known->getHostLocal();
  }
  return value;
}

std::string typesOf(const std::vector<Value>& values) {
  std::string out;
  for (const Value& value : values) out += (out.empty() ? "" : " and ") + value.typeName;
  return out;
}

Error gateRefused(const std::string& gate, const std::string& types, const std::string& started,
                  const std::string& why) {
  return Error{ErrorKind::Failed,
               "gate-refused",
               "the gate " + gate + " refused this " + types + ": " + why,
               started + "; mend what the gate found, and run again",
               {}};
}

Result<Value> runDeclared(kj::WaitScope& wait, RunState& run, const Emitter& emitter, DeclaredCommand command,
                          const std::vector<Value>& inputs) {
  Command started;
  started.argv = command.words;
  started.folder = command.folder;
  started.environment = environmentOf(run, command);
  started.timeout = command.timeout;
  started.cut = run.context.masking.cut;
  started.input = CAIRN_TRY(inputText(run, command, inputs));
  started.keepOutput = kMaxValueBytes;
  Teller teller(emitter);
  auto end =
      runCommand(
          std::move(started), run.context.io,
          [&teller](bool, std::string line) { teller.tell(std::move(line)); }, run.context.whenCancelled())
          .wait(wait);
  const std::string via = "converting by " + command.mapper + " for the " + command.before;
  if (!end) return std::move(end).error().context(via);
  if (end->printedTooMuch) {
    return Error{ErrorKind::Failed, "mapper-output-too-large",
                 titleOf(command) + " printed more than 1 MiB on its stdout and was killed",
                 "its stdout is the value, as JSON; what is for people goes to stderr", end->tail}
        .context(via);
  }
  if (end->exitCode != 0) return failure(command, *end, inputs).context(via);
  auto value = valueFrom(command, *run.schemas, *end, inputs);
  if (!value) return std::move(value).error().context(via);
  return value;
}

}  // namespace cairn::host
