#pragma once
// The files that a schema of the project may be made of, as Cap'n Proto's parser asks for them. For
// custom_types.cc only.

#include "host/project/project.h"

#include <capnp/schema-parser.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace cairn::host {

// What all files of one compilation share. Outlives them.
struct SchemaReading {
  const Project& project;
  Errors errors = {};
  // Read so far: many imports may ask for one file.
  std::map<std::filesystem::path, std::shared_ptr<const std::string>> files = {};
  const TypeFile* root = nullptr;  // the entry of [types] that is being read

  // As the user names it from where they stand.
  std::string shown(const std::filesystem::path& path) const;
  void fail(SourcePosition position, std::string code, std::string message, std::string hint = "");
};

// The file at `path`; null where it can't be read, which is among the errors then.
kj::Maybe<kj::Own<capnp::SchemaFile>> openSchema(SchemaReading& reading, const std::filesystem::path& path);

// The text of a schema that Cairn brings, by the name that imports use: "/cairn/annotations.capnp".
std::optional<std::string_view> broughtSchema(std::string_view name);

}  // namespace cairn::host
