#include "host/project/schema_files.h"

#include "host/project/custom_types.h"
#include "host/project/inside_project.h"
#include "host/project/text_file.h"

#include <algorithm>
#include <functional>

namespace cairn::host {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kImportFailed = "Import failed: ";
constexpr int kDeepest = 100;  // the parser goes down by recursion

// How deep brackets are nested, outside of strings and comments.
int depthOf(std::string_view text) {
  int depth = 0, deepest = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '#') i = std::min(text.find('\n', i), text.size());
    if (c == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i) i += text[i] == '\\' ? 1 : 0;
    }
    if (c == '(' || c == '[' || c == '{') deepest = std::max(deepest, ++depth);
    if (c == ')' || c == ']' || c == '}') --depth;
  }
  return deepest;
}

class SchemaText : public capnp::SchemaFile {
 public:
  // `folder` is empty for what Cairn brings.
  SchemaText(SchemaReading& reading, std::string key, std::string shown, fs::path folder,
             std::shared_ptr<const std::string> text)
      : reading_(reading),
        key_(std::move(key)),
        shown_(std::move(shown)),
        folder_(std::move(folder)),
        text_(std::move(text)) {}

  kj::StringPtr getDisplayName() const override { return shown_.c_str(); }
  kj::Array<const char> readContent() const override {
    return kj::heapArray<const char>(text_->data(), text_->size());
  }

  kj::Maybe<kj::Own<SchemaFile>> import(kj::StringPtr written) const override {
    const std::string name = written.cStr();
    if (const auto brought = broughtSchema(name)) {
      return kj::Own<SchemaFile>(kj::heap<SchemaText>(reading_, name, name, fs::path(),
                                                      std::make_shared<const std::string>(*brought)));
    }
    if (name.starts_with('/') || folder_.empty()) return nullptr;
    // The parser tells where it stands: reportError() makes a sentence of it.
    const auto path = insideProject(name, folder_, reading_.project.root);
    if (!path) return nullptr;
    return openSchema(reading_, *path);
  }

  bool operator==(const SchemaFile& other) const override {
    return key_ == static_cast<const SchemaText&>(other).key_;
  }
  bool operator!=(const SchemaFile& other) const override { return !(*this == other); }
  std::size_t hashCode() const override { return std::hash<std::string>()(key_); }

  void reportError(SourcePos start, SourcePos, kj::StringPtr message) const override {
    const SourcePosition at{shown_, static_cast<int>(start.line) + 1, static_cast<int>(start.column) + 1};
    const std::string text = message.cStr();
    if (!text.starts_with(kImportFailed)) return reading_.fail(at, "type-schema", text);
    const std::string name = text.substr(kImportFailed.size());
    if (name.starts_with('/'))
      return reading_.fail(at, "type-schema", "\"" + name + "\" is nothing that can be imported",
                           "files of the project have relative paths; Cairn brings /cairn/annotations.capnp, "
                           "/cairn/types.capnp and /cairn/value.capnp");
    if (!insideProject(name, folder_, reading_.project.root))
      return reading_.fail(at, "outside-project", "\"" + name + "\" leads out of the project",
                           "put the file into the project's folder");
    reading_.fail(at, "type-schema", "\"" + name + "\" can't be imported");
  }

 private:
  SchemaReading& reading_;
  std::string key_, shown_;
  fs::path folder_;
  std::shared_ptr<const std::string> text_;
};

// Null where it can't be read, or is more than a schema may be.
std::shared_ptr<const std::string> readSchema(SchemaReading& reading, const fs::path& path,
                                              const std::string& shown) {
  const SourcePosition at = reading.root->position;
  auto text = readTextFile(path, shown);
  if (!text) {
    reading.fail(at, text.error().code, text.error().message, text.error().hint);
  } else if (text->size() > kLargestSchema) {
    reading.fail(at, "type-too-large", shown + " is larger than 1 MiB");
  } else if (depthOf(*text) > kDeepest) {
    reading.fail(at, "type-too-large", shown + " is nested more than " + std::to_string(kDeepest) + " deep");
  } else if (reading.files.size() > kMostSchemas) {
    reading.fail(
        at, "type-too-large",
        "the schemas are more than " + std::to_string(kMostSchemas) + " files, with those they import");
  } else {
    return std::make_shared<const std::string>(std::move(*text));
  }
  return nullptr;
}

}  // namespace

std::string SchemaReading::shown(const fs::path& path) const {
  return (fs::path(project.file).parent_path() / path.lexically_relative(project.root)).string();
}

void SchemaReading::fail(SourcePosition position, std::string code, std::string message, std::string hint) {
  if (hint.empty() && root != nullptr)
    hint = "the file is read because of " + root->position.file + ":" + std::to_string(root->position.line);
  const bool told = std::any_of(errors.begin(), errors.end(), [&](const Error& error) {
    return error.message == message && error.position.line == position.line &&
           error.position.column == position.column && error.position.file == position.file;
  });
  if (told) return;
  errors.push_back({.kind = ErrorKind::Config,
                    .code = std::move(code),
                    .message = std::move(message),
                    .hint = std::move(hint),
                    .position = std::move(position),
                    .settingPath = "types.files"});
}

kj::Maybe<kj::Own<capnp::SchemaFile>> openSchema(SchemaReading& reading, const fs::path& path) {
  const std::string shown = reading.shown(path);
  const auto [known, isNew] = reading.files.try_emplace(path);
  if (isNew) known->second = readSchema(reading, path, shown);
  if (known->second == nullptr) return nullptr;
  return kj::Own<capnp::SchemaFile>(
      kj::heap<SchemaText>(reading, path.string(), shown, path.parent_path(), known->second));
}

}  // namespace cairn::host
