#pragma once
// The plugins that a plan may use: found, digested, their manifests read.

#include <host/broker/broker.h>
#include <host/broker/catalog.h>

#include <kj/async.h>

#include <optional>
#include <string>
#include <vector>

namespace cairn::host {

// A component that a `use` names.
struct ComponentChoice {
  std::size_t plugin = 0;  // index in the set
  wire::Manifest::Component::Reader component;
};

class PluginSet {
 public:
  // All plugins of the catalog, started in parallel where no manifest is cached. One that can't be read is
  // left out, with its error in `broken`: it must not keep the others from working.
  static kj::Promise<PluginSet> open(Broker& broker, const PluginCatalog& catalog);

  const std::vector<LocatedPlugin>& plugins() const { return plugins_; }
  const LocatedPlugin& operator[](std::size_t index) const { return plugins_[index]; }
  std::optional<std::size_t> find(std::string_view plugin) const;

  // The component of this kind that `use` names: the plugin of this name, else the one plugin that offers a
  // component of this name; "plugin/component" names both.
  //
  // Errors: unknown-component with near names; ambiguous-component; the plugin's own error where it is
  // broken.
  Result<ComponentChoice> choose(wire::Manifest::Component::Kind kind, const std::string& use) const;

  // From here on it is one that can't be used. Indices of others change.
  void leaveOut(const std::string& plugin, Error why);

  const std::vector<std::pair<std::string, Error>>& broken() const { return broken_; }
  // The name of a type that any of the plugins knows; its number in hex otherwise.
  std::string typeName(std::uint64_t id) const;

 private:
  std::vector<LocatedPlugin> plugins_;
  std::vector<std::pair<std::string, Error>> broken_;
};

// "builder", "registry", "platform", "releaser".
const char* kindName(wire::Manifest::Component::Kind kind);

}  // namespace cairn::host
