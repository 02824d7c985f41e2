#pragma once
// One setting that is no table and no list, as its field's type wants it: "1m30s" as milliseconds,
// "blue-green" as an enumerant.

#include "host/project/setting_mistakes.h"

#include <capnp/dynamic.h>

#include <optional>

namespace cairn::host {

// A scalar that owns its text.
struct SettingScalar {
  std::string text;
  capnp::DynamicValue::Reader value;
  bool isText = false;
  bool isData = false;

  capnp::DynamicValue::Reader reader() const {
    if (isText) return capnp::Text::Reader(text.c_str(), text.size());
    if (isData) return capnp::Data::Reader(reinterpret_cast<const kj::byte*>(text.data()), text.size());
    return value;
  }
};

class ScalarDecoder {
 public:
  // Both outlive it.
  ScalarDecoder(const DecodeOptions& options, SettingMistakes& mistakes)
      : options_(options), mistakes_(mistakes) {}

  // None where it does not fit, which is noted. `type` is the field's, or of the items of its list.
  std::optional<SettingScalar> decode(wire::Setting::Reader value, capnp::Type type, const FieldTraits& field,
                                      const std::string& path);

 private:
  using Setting = wire::Setting::Reader;
  using Which = capnp::schema::Type::Which;

  std::optional<SettingScalar> decodeText(Setting value, capnp::Type type, const FieldTraits& field,
                                          const std::string& path);
  std::optional<SettingScalar> decodeInteger(Setting value, Which type, const FieldTraits& field,
                                             const std::string& path);
  std::optional<SettingScalar> decodeDuration(Setting value, Which type, const FieldTraits& field,
                                              const std::string& path);
  std::optional<SettingScalar> decodeSize(Setting value, Which type, const std::string& path);
  std::optional<SettingScalar> inRange(Setting value, std::uint64_t number, Which type,
                                       const std::string& text, const std::string& path);
  std::optional<SettingScalar> decodeEnum(Setting value, capnp::EnumSchema schema, const std::string& path);

  const DecodeOptions& options_;
  SettingMistakes& mistakes_;
};

}  // namespace cairn::host
