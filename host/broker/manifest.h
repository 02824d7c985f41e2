#pragma once
// A plugin's manifest as the host holds it: read once, shared as const, loadable schemas with it.

#include <cairn/base/result.h>
#include <cairn/dynamic/schema_set.h>
#include <cairn/manifest.capnp.h>

#include <capnp/message.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::host {

// A manifest's schema nodes alone, as they are kept beside records: a manifest with nothing else in it.
struct KeptSchemas {
  std::vector<std::uint64_t> words;
  std::string digest;  // SHA-256, as records name it

  kj::ArrayPtr<const kj::byte> bytes() const { return kj::arrayPtr(words.data(), words.size()).asBytes(); }
};

class Manifest {
 public:
  // `words` are the manifest's canonical form. Errors: manifest-garbage.
  static Result<std::shared_ptr<const Manifest>> fromWords(std::vector<std::uint64_t> words);

  wire::Manifest::Reader reader() const { return root_; }
  std::string digest() const;  // SHA-256 of the canonical form: what the plugin says in hello
  const std::vector<std::uint64_t>& words() const { return words_; }

  // The schemas of its types and settings; loaded at the first use. Not thread-safe.
  const SchemaSet& schemas() const;
  // Worked out at the first use. Not thread-safe.
  const KeptSchemas& keptSchemas() const;

  // The component of this kind and name; none if it has none.
  kj::Maybe<wire::Manifest::Component::Reader> component(wire::Manifest::Component::Kind kind,
                                                         kj::StringPtr name) const;
  std::string typeName(std::uint64_t id) const;  // empty: not one of its types

 private:
  explicit Manifest(std::vector<std::uint64_t> words);

  std::vector<std::uint64_t> words_;
  kj::ArrayPtr<const capnp::word> segment_;
  mutable capnp::SegmentArrayMessageReader message_;
  wire::Manifest::Reader root_;
  mutable std::unique_ptr<SchemaSet> schemas_;
  mutable std::optional<KeptSchemas> kept_;
};

kj::Maybe<wire::Manifest::Operation::Reader> operationOf(wire::Manifest::Component::Reader component,
                                                         wire::Manifest::Operation::Name name);

// Manifests on disk, by the digest of the bundle they came from.
class ManifestCache {
 public:
  explicit ManifestCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // None when there is no readable one: it is fetched again.
  std::shared_ptr<const Manifest> find(const std::string& bundleDigest) const;
  // A cache that can't be written only costs time.
  void put(const std::string& bundleDigest, const Manifest& manifest) const;
  void forget(const std::string& bundleDigest) const;

  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path pathOf(const std::string& bundleDigest) const;

  std::filesystem::path folder_;
};

}  // namespace cairn::host
