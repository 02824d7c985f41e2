#include "host/pipeline/helpful_builds.h"

#include <set>

namespace cairn::host {
namespace {

using Component = wire::Manifest::Component;

std::uint64_t outputOf(Component::Reader builder) {
  for (auto operation : builder.getOperations()) {
    if (operation.getName() == wire::Manifest::Operation::Name::BUILD) return operation.getOutput();
  }
  return 0;
}

// As `use` names it.
std::string useOf(const PluginSet& plugins, const LocatedPlugin& plugin, Component::Reader builder) {
  const std::string name = builder.getName().cStr();
  auto chosen = plugins.choose(Component::Kind::BUILDER, name);
  return chosen && plugins[chosen->plugin].bundle.name == plugin.bundle.name
             ? name
             : plugin.bundle.name + "/" + name;
}

}  // namespace

std::string buildHint(const PluginSet& plugins, const TypeGraph& types, const ChainEnd& end,
                      wire::Manifest::Input::Reader input, const StageFlow& flow) {
  const bool fromBuild = flow.type == 0 || (flow.stage == wire::StageKind::BUILD && flow.record.empty());
  if (!fromBuild || isGiven(input.getType()) || end.stage == wire::StageKind::BUILD) return {};
  std::set<std::string> names;
  for (const LocatedPlugin& plugin : plugins.plugins()) {
    for (auto component : plugin.manifest->reader().getComponents()) {
      if (component.getKind() != Component::Kind::BUILDER) continue;
      const StageFlow built{.type = outputOf(component)};
      if (built.type != 0 && types.graph().derive(queryFor(types, end, input, built)))
        names.insert("\"" + useOf(plugins, plugin, component) + "\"");
    }
  }
  if (names.empty()) return {};
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : " or ") + name;
  const std::string table = "[app." + end.app + ".build] with use = " + list;
  return flow.type == 0 ? end.app + " has no build: " + table + " makes what it takes"
                        : "another build would do: " + table;
}

}  // namespace cairn::host
