#include "host/broker/value.h"

#include "host/broker/digest.h"

#include <cairn/dynamic/whole.h>

#include <capnp/any.h>
#include <capnp/dynamic.h>
#include <capnp/message.h>

#include <cstring>

namespace cairn::host {
namespace {

kj::ArrayPtr<const capnp::word> wordsOf(const Value& value) {
  return kj::arrayPtr(reinterpret_cast<const capnp::word*>(value.words.data()), value.words.size());
}

// Every pointer of it leads to where it may: whoever reads it later need not fear it. Empty where it is no
// struct.
std::vector<std::uint64_t> canonicalOf(const Value& value) {
  std::vector<std::uint64_t> words;
  (void)kj::runCatchingExceptions([&] {
    ValueReader reader(value);
    words = canonicalWords(reader.as<capnp::AnyStruct>());
  });
  return words;
}

Error tooLarge(const std::string& typeName, std::size_t bytes) {
  return Error{.kind = ErrorKind::Failed,
               .code = "value-too-large",
               .message = "a " + typeName + " of " + std::to_string(bytes) +
                          " bytes was sent; a value may have 1 MiB at most",
               .hint = "bulk belongs in a content-addressed file that the value names"};
}

}  // namespace

std::string Value::digest() const {
  return digestOf({reinterpret_cast<const char*>(words.data()), sizeBytes()});
}

ValueReader::ValueReader(const Value& value)
    : segment_(wordsOf(value)), message_(kj::arrayPtr(&segment_, segment_.size() > 0 ? 1 : 0)) {}

std::vector<std::uint64_t> canonicalWords(capnp::AnyStruct::Reader value) {
  kj::Array<capnp::word> canonical = value.canonicalize();
  std::vector<std::uint64_t> words(canonical.size());
  std::memcpy(words.data(), canonical.begin(), canonical.size() * sizeof(capnp::word));
  return words;
}

Result<Value> readValue(wire::Value::Reader reader) {
  Value value;
  value.typeId = reader.getTypeId();
  value.typeName = reader.getTypeName();
  auto digest = reader.getSchemaDigest();
  value.schemaDigest.assign(digest.asChars().begin(), digest.size());
  value.hostLocal = reader.getLocality() == wire::Locality::HOST;
  auto content = reader.getContent();
  if (content.size() > kMaxValueBytes) return tooLarge(value.typeName, content.size());
  value.words.resize(content.size() / 8);
  if (!value.words.empty()) std::memcpy(value.words.data(), content.begin(), value.words.size() * 8);
  if (value.typeId == 0) return value;
  // Equal values have equal digests, however their senders laid them out.
  value.words = content.size() % 8 == 0 ? canonicalOf(value) : std::vector<std::uint64_t>();
  if (value.words.empty()) {
    return Error{.kind = ErrorKind::Internal,
                 .code = "value-garbage",
                 .message = "the " + std::to_string(content.size()) + " bytes of a " + value.typeName +
                            " are not a Cap'n Proto struct"};
  }
  // One that names a part of itself many times is larger once it is written out.
  if (value.sizeBytes() > kMaxValueBytes) return tooLarge(value.typeName, value.sizeBytes());
  return value;
}

Result<void> checkValue(const Value& value, capnp::StructSchema schema) {
  auto problem = kj::runCatchingExceptions([&] {
    ValueReader reader(value);
    readWhole(reader.as(schema));
  });
  KJ_IF_MAYBE (damage, problem) {
    return Error{.kind = ErrorKind::Internal,
                 .code = "value-garbage",
                 .message = "the " + std::to_string(value.sizeBytes()) + " bytes of a " + value.typeName +
                            " can't be read by its schema",
                 .detail = damage->getDescription().cStr()};
  }
  return {};
}

void writeValue(const Value& value, wire::Value::Builder builder) {
  builder.setTypeId(value.typeId);
  builder.setTypeName(value.typeName);
  builder.setSchemaDigest(kj::StringPtr(value.schemaDigest.data(), value.schemaDigest.size()).asBytes());
  builder.setContent(wordsOf(value).asBytes());
  builder.setLocality(value.hostLocal ? wire::Locality::HOST : wire::Locality::ANYWHERE);
}

Error readDiagnostic(wire::Diagnostic::Reader reader) {
  using K = wire::Diagnostic::Kind;
  Error error;
  switch (reader.getKind()) {
    case K::CONFIG:
      error.kind = ErrorKind::Config;
      break;
    case K::NOT_FOUND:
      error.kind = ErrorKind::NotFound;
      break;
    case K::REFUSED:
      error.kind = ErrorKind::Refused;
      break;
    case K::FAILED:
      error.kind = ErrorKind::Failed;
      break;
    case K::UNAVAILABLE:
      error.kind = ErrorKind::Unavailable;
      break;
    case K::DEADLINE:
      error.kind = ErrorKind::Deadline;
      break;
    case K::CANCELLED:
      error.kind = ErrorKind::Cancelled;
      break;
    case K::DIED:
      error.kind = ErrorKind::Died;
      break;
    case K::INTERNAL:
      error.kind = ErrorKind::Internal;
      break;
    default:
      error.kind = ErrorKind::Failed;
      break;  // a kind of a later version
  }
  error.code = reader.getCode();
  error.message = reader.getMessage();
  error.hint = reader.getHint();
  error.detail = reader.getDetail();
  error.settingPath = reader.getSetting();
  return error;
}

void writeDiagnostic(const Error& error, wire::Diagnostic::Builder builder) {
  using K = wire::Diagnostic::Kind;
  static constexpr K kinds[] = {K::CONFIG,   K::NOT_FOUND, K::REFUSED, K::FAILED,  K::UNAVAILABLE,
                                K::DEADLINE, K::CANCELLED, K::DIED,    K::INTERNAL};
  builder.setKind(kinds[static_cast<int>(error.kind)]);
  builder.setCode(error.code);
  std::string message = error.message;
  if (error.position.known()) message += "\n  at " + error.position.text();
  for (const auto& line : error.via) message += "\n  while " + line;
  builder.setMessage(message);
  builder.setHint(error.hint);
  builder.setDetail(error.detail);
  builder.setSetting(error.settingPath);
}

}  // namespace cairn::host
