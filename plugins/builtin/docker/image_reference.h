#pragma once
// An image's name as people write it, taken apart: "registry.example.test:5000/shop/web:v1@sha256:…".

#include <cairn/base/result.h>

#include <string>
#include <string_view>

namespace cairn::plugins::docker {

struct ImageReference {
  std::string registry;    // "registry.example.test:5000"; "docker.io" where none is written
  std::string repository;  // as written, with its registry, without tag and digest:
                           // "registry.example.test:5000/shop/web"
  std::string tag;         // empty where none is written
  std::string digest;      // "sha256:…"; empty where none is written

  // repository:tag, with `latest` where neither tag nor digest is written; repository@digest where there is a
  // digest.
  std::string text() const;
};

// Errors: Config "docker/bad-reference", naming the part that is wrong.
Result<ImageReference> parseImageReference(std::string_view text);

// `text` with every character that a tag may not have replaced by '-', at most 128 long; "latest" if nothing
// is left.
std::string tagFrom(std::string_view text);

// `text` as one part of a repository's name: lower case letters, digits and single dashes; "app" if nothing
// is left.
std::string repositoryPartFrom(std::string_view text);

}  // namespace cairn::plugins::docker
