#include "host/pipeline/plugin_set.h"

#include <cairn/base/near_names.h>
#include <cairn/dynamic/enum_name.h>

#include <cstdio>

namespace cairn::host {
namespace {

struct Inspected {
  std::string name;
  kj::Maybe<LocatedPlugin> plugin;
  std::optional<Error> error;
};

kj::Promise<Inspected> inspectOne(Broker& broker, const PluginCatalog& catalog, std::string name) {
  auto bundle = catalog.locate(name);
  if (!bundle) return Inspected{std::move(name), nullptr, std::move(bundle).error()};
  return broker.inspect(std::move(*bundle)).then([name](Result<LocatedPlugin> plugin) {
    if (!plugin) return Inspected{name, nullptr, std::move(plugin).error()};
    return Inspected{name, std::move(*plugin), std::nullopt};
  });
}

}  // namespace

kj::Promise<PluginSet> PluginSet::open(Broker& broker, const PluginCatalog& catalog) {
  auto names = catalog.installed();
  auto inspected = kj::heapArrayBuilder<kj::Promise<Inspected>>(names.size());
  for (auto& name : names) inspected.add(inspectOne(broker, catalog, name));
  return kj::joinPromises(inspected.finish()).then([](kj::Array<Inspected> all) {
    PluginSet set;
    for (auto& one : all) {
      KJ_IF_MAYBE (plugin, one.plugin) {
        set.plugins_.push_back(std::move(*plugin));
      } else {
        set.broken_.emplace_back(one.name, std::move(*one.error));
      }
    }
    return set;
  });
}

std::optional<std::size_t> PluginSet::find(std::string_view plugin) const {
  for (std::size_t i = 0; i < plugins_.size(); ++i) {
    if (plugins_[i].bundle.name == plugin) return i;
  }
  return std::nullopt;
}

void PluginSet::leaveOut(const std::string& plugin, Error why) {
  std::erase_if(plugins_, [&](const LocatedPlugin& one) { return one.bundle.name == plugin; });
  broken_.emplace_back(plugin, std::move(why));
}

const char* kindName(wire::Manifest::Component::Kind kind) {
  return enumName(kind).data();
}

Result<ComponentChoice> PluginSet::choose(wire::Manifest::Component::Kind kind,
                                          const std::string& use) const {
  const auto slash = use.find('/');
  const std::string plugin = slash == std::string::npos ? "" : use.substr(0, slash);
  const std::string name = slash == std::string::npos ? use : use.substr(slash + 1);
  std::vector<ComponentChoice> found;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < plugins_.size(); ++i) {
    if (!plugin.empty() && plugins_[i].bundle.name != plugin) continue;
    for (auto component : plugins_[i].manifest->reader().getComponents()) {
      if (component.getKind() != kind) continue;
      known.emplace_back(component.getName().cStr());
      if (known.back() != name) continue;
      if (plugins_[i].bundle.name == name) return ComponentChoice{i, component};
      found.push_back({i, component});
    }
  }
  if (found.size() == 1) return found[0];
  const std::string what = kindName(kind);
  if (found.size() > 1) {
    Error error{ErrorKind::Config,
                "ambiguous-component",
                "several plugins offer a " + what + " \"" + name + "\"",
                "say which: use =",
                {}};
    for (const auto& choice : found)
      error.hint += " \"" + plugins_[choice.plugin].bundle.name + "/" + name + "\"";
    return error;
  }
  for (const auto& [brokenName, error] : broken_) {
    if (brokenName == name || brokenName == plugin) return error;
  }
  Error error{ErrorKind::Config,
              "unknown-component",
              "no plugin offers a " + what + " \"" + use + "\"",
              nearNameHint(use, known),
              {}};
  if (error.hint.empty()) {
    error.hint = "there are:";
    for (const auto& one : known) error.hint += " " + one;
    error.hint += "; a plugin of your own needs [plugins." + name + "] with its path";
  }
  for (const auto& [brokenName, why] : broken_) {
    error.detail += (error.detail.empty() ? "" : "\n") + std::string("it may be one of the plugin \"") +
                    brokenName + "\", which can't be used: " + why.message;
  }
  return error;
}

std::string PluginSet::typeName(std::uint64_t id) const {
  for (const auto& plugin : plugins_) {
    if (auto name = plugin.manifest->typeName(id); !name.empty()) return name;
  }
  char text[32];
  std::snprintf(text, sizeof text, "@0x%016llx", static_cast<unsigned long long>(id));
  return text;
}

}  // namespace cairn::host
