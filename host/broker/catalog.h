#pragma once
// Which plugins there are, and where.

#include <cairn/base/result.h>
#include <host/broker/bundle.h>
#include <host/broker/manifest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cairn::host {

// A plugin as a plan knows it: found, digested, its manifest read.
struct LocatedPlugin {
  Bundle bundle;
  std::string digest;  // of the bundle, 32 bytes
  std::shared_ptr<const Manifest> manifest;
};

class PluginCatalog {
 public:
  // `overrides` are a project's [plugins] paths, absolute; they win over `folders`, which are looked through
  // in order for <folder>/<name>/cairn-plugin-<name>.
  PluginCatalog(std::vector<std::filesystem::path> folders,
                std::map<std::string, std::filesystem::path> overrides)
      : folders_(std::move(folders)), overrides_(std::move(overrides)) {}

  // Errors: plugin-unknown, with near names; plugin-not-found for an override that leads nowhere.
  Result<Bundle> locate(const std::string& name) const;
  // Names of all there are, sorted.
  std::vector<std::string> installed() const;

  // The folder of built-in plugins for the program that runs: <prefix>/lib/cairn/plugins.
  static std::filesystem::path builtinFolder();

 private:
  std::vector<std::filesystem::path> folders_;
  std::map<std::string, std::filesystem::path> overrides_;
};

}  // namespace cairn::host
