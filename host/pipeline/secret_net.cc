#include "host/pipeline/secret_net.h"

#include <capnp/dynamic.h>

namespace cairn::host {
namespace {

Error secretInValue(const std::string& what, const std::string& maker) {
  return Error{
      ErrorKind::Failed,
      "secret-in-value",
      maker + " put a secret into " + what + ", which would be stored",
      "nothing of it was stored; if the secret was given to it as it should be, report it to its author",
      {}};
}

// The path of the first text that holds a secret; empty: none that the schema knows.
class SecretSearch {
 public:
  explicit SecretSearch(const Masking& masking) : masking_(masking) {}

  std::string inStruct(capnp::DynamicStruct::Reader value, const std::string& path) const {
    for (auto field : value.getSchema().getFields()) {
      if (!value.has(field)) continue;
      const std::string name = (path.empty() ? "" : path + ".") + field.getProto().getName().cStr();
      if (auto found = inValue(value.get(field), name); !found.empty()) return found;
    }
    return {};
  }

 private:
  std::string inValue(const capnp::DynamicValue::Reader& value, const std::string& path) const {
    switch (value.getType()) {
      case capnp::DynamicValue::TEXT: {
        const auto text = value.as<capnp::Text>();
        return masking_.finds({text.begin(), text.size()}) ? path : "";
      }
      case capnp::DynamicValue::DATA: {
        const auto chars = value.as<capnp::Data>().asChars();
        return masking_.finds({chars.begin(), chars.size()}) ? path : "";
      }
      case capnp::DynamicValue::STRUCT:
        return inStruct(value.as<capnp::DynamicStruct>(), path);
      case capnp::DynamicValue::LIST:
        return inList(value.as<capnp::DynamicList>(), path);
      default:
        return {};
    }
  }

  std::string inList(capnp::DynamicList::Reader list, const std::string& path) const {
    for (unsigned i = 0; i < list.size(); ++i) {
      if (auto found = inValue(list[i], path + "[" + std::to_string(i) + "]"); !found.empty()) return found;
    }
    return {};
  }

  const Masking& masking_;
};

}  // namespace

Result<void> refuseSecrets(const Masking& masking, const Value& value, capnp::StructSchema schema,
                           const std::string& maker) {
  if (value.empty() || !masking.any()) return {};
  // All its bytes first: that is quick, and sees what the schema doesn't know.
  if (!masking.finds({reinterpret_cast<const char*>(value.words.data()), value.sizeBytes()})) return {};
  ValueReader reader(value);
  const std::string field = SecretSearch(masking).inStruct(reader.as(schema), "");
  return secretInValue((field.empty() ? "a" : "'" + field + "' of the") + (" " + value.typeName) +
                           (field.empty() ? "" : " that it made"),
                       maker);
}

Result<void> refuseSecret(const Masking& masking, std::string_view text, const std::string& what,
                          const std::string& maker) {
  if (!masking.any() || !masking.finds(text)) return {};
  return secretInValue(what, maker);
}

}  // namespace cairn::host
