#pragma once
// What is wrong with a table of settings, told with the setting's name and its place in the file.

#include "host/project/decode_settings.h"
#include "host/project/settings_schema.h"

namespace cairn::host {

// Paths are dotted and relative to the table.
class SettingMistakes {
 public:
  // `options` outlive it. `root` is the struct that the whole table becomes.
  SettingMistakes(const DecodeOptions& options, capnp::StructSchema root) : options_(options), root_(root) {}

  void add(wire::Setting::Reader at, std::string code, std::string message, std::string hint,
           const std::string& path);
  void wrongType(wire::Setting::Reader value, std::string_view wanted, const std::string& path);
  // `table` is where `name` stands, `path` both together.
  void unknownKey(wire::Setting::Reader at, const std::string& name, const std::string& path,
                  const std::string& table, const std::vector<FieldTraits>& fields);
  void twoMembers(wire::Setting::Reader at, const std::string& first, const std::string& second,
                  const std::string& path);
  void missing(wire::Setting::Reader table, const std::string& path, const FieldTraits& field);
  void empty(wire::Setting::Reader value, const std::string& path, const FieldTraits& field);
  // A setting that shows or stores what it holds, and was given a secret.
  void secret(wire::Setting::Reader value, const std::string& path);
  // No mistake yet, but a warning.
  Error deprecated(wire::Setting::Reader value, const FieldTraits& field, const std::string& path) const;

  // As it is called from the file's top: "app.web.deploy.probe.path".
  std::string full(const std::string& path) const;

  // All there are, in the file's order. A setting that is missing because its name is mistyped isn't told
  // twice.
  Errors take();

 private:
  const DecodeOptions& options_;
  capnp::StructSchema root_;
  Errors errors_;
  std::vector<std::string> meant_;  // what mistyped names are nearest to, from the file's top
};

}  // namespace cairn::host
