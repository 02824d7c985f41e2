#include "host/broker/manifest.h"

#include "host/broker/digest.h"
#include "host/broker/private_folder.h"
#include "host/broker/value.h"

#include <cairn/base/replace_file.h>

#include <fstream>

namespace cairn::host {
namespace fs = std::filesystem;
namespace {

capnp::ReaderOptions generous() {
  capnp::ReaderOptions options;
  options.traversalLimitInWords = 64 * 1024 * 1024;  // read many times in a run
  return options;
}

Error garbage(std::string message) {
  return {.kind = ErrorKind::Internal,
          .code = "manifest-garbage",
          .message = std::move(message),
          .hint = "this is a mistake of the plugin: report it to its author"};
}

// Bumped when what the host reads out of a manifest changes its meaning.
constexpr char kFormat[] = "cairn-manifest-1\n";

}  // namespace

Manifest::Manifest(std::vector<std::uint64_t> words)
    : words_(std::move(words)),
      segment_(reinterpret_cast<const capnp::word*>(words_.data()), words_.size()),
      message_(kj::arrayPtr(&segment_, 1), generous()),
      root_(message_.getRoot<wire::Manifest>()) {}

Result<std::shared_ptr<const Manifest>> Manifest::fromWords(std::vector<std::uint64_t> words) {
  std::shared_ptr<const Manifest> manifest;
  auto problem = kj::runCatchingExceptions(
      [&] { manifest = std::shared_ptr<const Manifest>(new Manifest(std::move(words))); });
  KJ_IF_MAYBE (exception, problem) {
    return garbage(std::string("the manifest can't be read: ") + exception->getDescription().cStr());
  }
  if (manifest->root_.getName().size() == 0) return garbage("the manifest has no name");
  return manifest;
}

std::string Manifest::digest() const {
  return digestOf({reinterpret_cast<const char*>(words_.data()), words_.size() * 8});
}

const SchemaSet& Manifest::schemas() const {
  if (!schemas_) schemas_ = std::make_unique<SchemaSet>(root_.getSchemaNodes());
  return *schemas_;
}

const KeptSchemas& Manifest::keptSchemas() const {
  if (kept_) return *kept_;
  capnp::MallocMessageBuilder message;
  auto only = message.initRoot<wire::Manifest>();
  only.setName(root_.getName());
  only.setVersion(root_.getVersion());
  only.setSchemaNodes(root_.getSchemaNodes());
  only.setTypes(root_.getTypes());
  kept_.emplace();
  kept_->words = canonicalWords(capnp::AnyStruct::Reader(only.asReader()));
  const auto chars = kept_->bytes().asChars();
  kept_->digest = digestOf({chars.begin(), chars.size()});
  return *kept_;
}

kj::Maybe<wire::Manifest::Component::Reader> Manifest::component(wire::Manifest::Component::Kind kind,
                                                                 kj::StringPtr name) const {
  for (auto component : root_.getComponents()) {
    if (component.getKind() == kind && component.getName() == name) return component;
  }
  return nullptr;
}

std::string Manifest::typeName(std::uint64_t id) const {
  for (auto type : root_.getTypes()) {
    if (type.getId() == id) return type.getName();
  }
  return {};
}

kj::Maybe<wire::Manifest::Operation::Reader> operationOf(wire::Manifest::Component::Reader component,
                                                         wire::Manifest::Operation::Name name) {
  for (auto operation : component.getOperations()) {
    if (operation.getName() == name) return operation;
  }
  return nullptr;
}

fs::path ManifestCache::pathOf(const std::string& bundleDigest) const {
  return folder_ / (toHex(bundleDigest) + ".manifest");
}

std::shared_ptr<const Manifest> ManifestCache::find(const std::string& bundleDigest) const {
  std::ifstream file(pathOf(bundleDigest), std::ios::binary | std::ios::ate);
  if (!file) return nullptr;
  const auto header = static_cast<std::streamoff>(sizeof kFormat - 1);
  const std::streamoff size = static_cast<std::streamoff>(file.tellg()) - header;
  if (size <= 0 || size % 8 != 0) return nullptr;
  std::string format(sizeof kFormat - 1, '\0');
  file.seekg(0);
  file.read(format.data(), header);
  std::vector<std::uint64_t> words(static_cast<std::size_t>(size) / 8);
  file.read(reinterpret_cast<char*>(words.data()), size);
  if (!file || format != kFormat) return nullptr;
  auto manifest = Manifest::fromWords(std::move(words));
  return manifest ? *manifest : nullptr;
}

void ManifestCache::put(const std::string& bundleDigest, const Manifest& manifest) const {
  std::error_code ignored;
  createPrivateFolders(folder_, ignored);
  std::string content(kFormat, sizeof kFormat - 1);
  content.append(reinterpret_cast<const char*>(manifest.words().data()), manifest.words().size() * 8);
  (void)replaceFile(pathOf(bundleDigest), content);
}

void ManifestCache::forget(const std::string& bundleDigest) const {
  std::error_code ignored;
  fs::remove(pathOf(bundleDigest), ignored);
}

}  // namespace cairn::host
