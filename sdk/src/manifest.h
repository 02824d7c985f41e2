#pragma once
// The manifest that a Definition amounts to.

#include "sdk/src/definition.h"

#include <cairn/dynamic/digest.h>
#include <cairn/manifest.capnp.h>
#include <cairn/value.capnp.h>

#include <kj/array.h>

#include <map>
#include <memory>

namespace cairn::detail {

class BuiltManifest {
 public:
  // Takes some 0.1 ms for ten types: made when first asked for.
  explicit BuiltManifest(const Plugin::Definition& definition);

  wire::Manifest::Reader reader() const { return manifest_; }
  // SHA-256 of the manifest's canonical form.
  const Digest& digest() const { return digest_; }
  // Fills all of `value` but its content.
  void describe(capnp::StructSchema type, wire::Value::Builder value) const;

 private:
  kj::Array<capnp::word> words_;  // canonical
  kj::ArrayPtr<const capnp::word> segment_;
  std::unique_ptr<capnp::SegmentArrayMessageReader> message_;
  wire::Manifest::Reader manifest_;
  Digest digest_;
  std::map<std::uint64_t, Digest> typeDigests_;
};

}  // namespace cairn::detail
