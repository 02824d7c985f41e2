#pragma once
// Turns a table of settings into the component's own Cap'n Proto struct, with exact errors.
//
// Names in the file are snake_case of the schema's camelCase; a unit at the end of a $duration or $bytes
// field's name is left out.

#include <cairn/base/result.h>
#include <cairn/plan.capnp.h>

#include "host/project/datum.h"
#include "host/project/settings_node.h"

#include <capnp/dynamic.h>
#include <capnp/schema.h>

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::host {

struct DecodeOptions {
  std::string pathPrefix;           // "app.web.deploy"
  std::string file;                 // for positions of settings that name no file
  std::string owner;                // whose settings these are, for messages: "platform docker"; may be empty
  std::string keyWord = "setting";  // what a key is called in messages
  std::filesystem::path appPath;    // what $path settings are relative to
  std::filesystem::path projectPath;  // what they may not leave
  // The table as it stands in the file, to place an unknown key at the key itself; null: at its value.
  // Outlives the call.
  const SettingsNode* written = nullptr;
  bool mayBeUnknown = false;     // when planning: an expression stands for any value
  bool leaveSecretsOut = false;  // for records: secret settings keep their defaults
};

struct DecodedSettings {
  kj::Array<capnp::word> words;  // canonical: one segment, root pointer first, no segment table
  // All dotted, relative to the table, as written in the file: "ports[0].host".
  std::vector<std::string> written;
  std::vector<std::string> unknown;
  std::vector<std::string> secret;
  Errors warnings;  // deprecated-setting

  kj::ArrayPtr<const kj::byte> bytes() const { return words.asPtr().asBytes(); }
};

// Errors: unknown-key, wrong-type, out-of-range, bad-duration, bad-size, unknown-choice, one-of,
// missing-setting, outside-project, secret-in-setting; all there are, in the file's order.
Result<DecodedSettings, Errors> decodeSettings(wire::Setting::Reader table, capnp::StructSchema schema,
                                               const DecodeOptions& options);

// What a stage returned, as ${artifact.…} sees it: fields by their names in the file, enums by name.
Datum datumOf(capnp::DynamicStruct::Reader value);

}  // namespace cairn::host
