#include "cli/plugin_text.h"

#include <map>

#include "cli/output/json_text.h"
#include "cli/output/story.h"
#include "cli/output/table.h"
#include "cli/output/text.h"

namespace cairn::cli {

namespace {

using Names = std::map<uint64_t, std::string>;

std::string_view componentWord(wire::Manifest::Component::Kind kind) {
  switch (kind) {
    case wire::Manifest::Component::Kind::BUILDER:
      return "builder";
    case wire::Manifest::Component::Kind::REGISTRY:
      return "registry";
    case wire::Manifest::Component::Kind::PLATFORM:
      return "platform";
    case wire::Manifest::Component::Kind::RELEASER:
      return "releaser";
  }
  return "component";
}

std::string_view operationWord(wire::Manifest::Operation::Name name) {
  constexpr std::string_view kWords[] = {"build",   "push",   "deploy", "release",
                                         "destroy", "status", "logs",   "exec"};
  auto index = static_cast<size_t>(name);
  return index < std::size(kWords) ? kWords[index] : "operation";
}

// Names of types: the manifest's own, and those that are named in its schema nodes only (a type of another
// plugin).
Names typeNames(wire::Manifest::Reader manifest) {
  Names names;
  for (auto node : manifest.getSchemaNodes()) {
    std::string name = string(node.getDisplayName());
    names[node.getId()] = name.substr(node.getDisplayNamePrefixLength());
  }
  for (auto type : manifest.getTypes()) names[type.getId()] = string(type.getName());
  return names;
}

std::string typeText(const Names& names, uint64_t id) {
  if (id == 0) return "";
  auto found = names.find(id);
  return found == names.end() ? "another type" : found->second;
}

std::vector<std::string> inputNames(const Names& names, capnp::List<wire::Manifest::Input>::Reader inputs) {
  std::vector<std::string> out;
  for (auto input : inputs) {
    out.push_back(typeText(names, input.getType()));
    if (input.getRole().size() > 0) out.back() += " as " + string(input.getRole());
  }
  return out;
}

std::string signature(const Names& names, capnp::List<wire::Manifest::Input>::Reader inputs,
                      uint64_t output) {
  std::string text;
  for (const std::string& input : inputNames(names, inputs)) text += (text.empty() ? "" : ", ") + input;
  if (output != 0) text += (text.empty() ? "-> " : " -> ") + typeText(names, output);
  return text;
}

const std::vector<host::SettingDoc>& settingsAt(const PluginInfo& plugin, size_t index) {
  static const std::vector<host::SettingDoc> none;
  return index < plugin.settings.size() ? plugin.settings[index] : none;
}

void addIndented(Lines& lines, const Lines& more, std::string_view indent) {
  for (const Line& line : more) lines.push_back(Line(indent).append(line));
}

Lines docLines(const char* what, const std::vector<host::SettingDoc>& settings) {
  Table table{.columns = {{what, ""}, {"TYPE", ""}, {"DEFAULT", ""}, {"ABOUT", ""}}};
  for (const host::SettingDoc& setting : settings) {
    std::string doc = setting.doc;
    if (setting.secret) doc = "(secret) " + doc;
    if (setting.mayHoldSecret) doc = "(may hold a secret) " + doc;
    if (!setting.deprecated.empty()) doc = "(deprecated: " + setting.deprecated + ") " + doc;
    table.rows.push_back({Cell(setting.name, "", Tone::Accent), setting.type,
                          setting.required ? "required" : setting.defaultText, doc});
  }
  return tableLines(table);
}

void addComponents(Lines& lines, const PluginInfo& plugin, const Names& names) {
  size_t index = 0;
  for (auto component : plugin.manifest.reader().getComponents()) {
    lines.push_back("");
    Line title(componentWord(component.getKind()), Tone::Strong);
    lines.push_back(title.add(" ").add(view(component.getName()), Tone::Strong));
    if (component.getDoc().size() > 0) lines.push_back(Line("  ").add(view(component.getDoc())));
    for (auto operation : component.getOperations()) {
      std::string text = signature(names, operation.getInputs(), operation.getOutput());
      lines.push_back(Line("  ").add(operationWord(operation.getName()), Tone::Accent).add("  " + text));
    }
    addIndented(lines, docLines("SETTING", settingsAt(plugin, index++)), "  ");
  }
}

void addMappers(Lines& lines, const PluginInfo& plugin, const Names& names) {
  auto manifest = plugin.manifest.reader();
  size_t index = manifest.getComponents().size();
  for (auto mapper : manifest.getMappers()) {
    lines.push_back("");
    lines.push_back(Line("mapper ", Tone::Strong).add(view(mapper.getName()), Tone::Strong));
    lines.push_back(Line("  ").add(signature(names, mapper.getInputs(), mapper.getOutput())));
    if (mapper.getDoc().size() > 0) lines.push_back(Line("  ").add(view(mapper.getDoc())));
    addIndented(lines, docLines("SETTING", settingsAt(plugin, index++)), "  ");
  }
}

// The fields as ${input.…}, `set` and JSON name them.
void addTypes(Lines& lines, const PluginInfo& plugin) {
  size_t index = 0;
  for (auto type : plugin.manifest.reader().getTypes()) {
    lines.push_back("");
    Line title("type ", Tone::Strong);
    title.add(view(type.getName()), Tone::Strong);
    if (type.getHostLocal()) title.add("  on this host only", Tone::Dim);
    lines.push_back(std::move(title));
    if (type.getDoc().size() > 0) lines.push_back(Line("  ").add(view(type.getDoc())));
    const auto& fields = plugin.fields[index++];
    if (!fields.empty()) addIndented(lines, docLines("FIELD", fields), "  ");
  }
}

std::string settingsJson(const std::vector<host::SettingDoc>& settings) {
  std::string list;
  for (const host::SettingDoc& setting : settings) {
    JsonObject object;
    object.add("name", setting.name).add("type", setting.type).add("default", setting.defaultText);
    object.addBool("required", setting.required)
        .addBool("secret", setting.secret)
        .addBool("mayHoldSecret", setting.mayHoldSecret)
        .add("doc", setting.doc);
    if (!setting.deprecated.empty()) object.add("deprecated", setting.deprecated);
    list += (list.empty() ? "" : ",") + object.text();
  }
  return "[" + list + "]";
}

std::string operationsJson(wire::Manifest::Component::Reader component, const Names& names) {
  std::string list;
  for (auto operation : component.getOperations()) {
    JsonObject object;
    object.add("name", operationWord(operation.getName()))
        .addJson("inputs", jsonList(inputNames(names, operation.getInputs())))
        .add("output", typeText(names, operation.getOutput()));
    list += (list.empty() ? "" : ",") + object.text();
  }
  return "[" + list + "]";
}

}  // namespace

std::vector<std::string> offersOf(wire::Manifest::Reader manifest) {
  std::vector<std::string> offers;
  for (auto component : manifest.getComponents()) {
    std::string offer(componentWord(component.getKind()));
    if (component.getName() != manifest.getName()) offer += " " + string(component.getName());
    offers.push_back(offer);
  }
  if (manifest.getMappers().size() > 0) offers.push_back(countText(manifest.getMappers().size(), "mapper"));
  return offers;
}

Lines pluginLines(const PluginInfo& plugin) {
  auto manifest = plugin.manifest.reader();
  Names names = typeNames(manifest);
  Lines lines{Line(string(manifest.getName()) + " " + string(manifest.getVersion()), Tone::Strong)
                  .add("  " + plugin.origin, Tone::Dim)};
  if (manifest.getDescription().size() > 0) lines.push_back(view(manifest.getDescription()));
  lines.push_back(Line(plugin.path, Tone::Dim));
  addComponents(lines, plugin, names);
  addMappers(lines, plugin, names);
  addTypes(lines, plugin);
  return lines;
}

std::string pluginJson(const PluginInfo& plugin) {
  auto manifest = plugin.manifest.reader();
  Names names = typeNames(manifest);
  std::string components, mappers, types;
  size_t index = 0;
  for (auto component : manifest.getComponents()) {
    JsonObject object;
    object.add("kind", componentWord(component.getKind()))
        .add("name", view(component.getName()))
        .add("doc", view(component.getDoc()));
    object.addJson("operations", operationsJson(component, names))
        .addJson("settings", settingsJson(settingsAt(plugin, index++)));
    components += (components.empty() ? "" : ",") + object.text();
  }
  for (auto mapper : manifest.getMappers()) {
    JsonObject object;
    object.add("name", view(mapper.getName())).add("doc", view(mapper.getDoc()));
    object.addJson("inputs", jsonList(inputNames(names, mapper.getInputs())))
        .add("output", typeText(names, mapper.getOutput()));
    object.addBool("lossy", mapper.getLossy()).addJson("settings", settingsJson(settingsAt(plugin, index++)));
    mappers += (mappers.empty() ? "" : ",") + object.text();
  }
  size_t typeIndex = 0;
  for (auto type : manifest.getTypes()) {
    JsonObject object;
    object.add("name", view(type.getName()))
        .addBool("hostLocal", type.getHostLocal())
        .add("doc", view(type.getDoc()))
        .addJson("fields", settingsJson(plugin.fields[typeIndex++]));
    types += (types.empty() ? "" : ",") + object.text();
  }
  return JsonObject()
      .add("name", view(manifest.getName()))
      .add("version", view(manifest.getVersion()))
      .add("description", view(manifest.getDescription()))
      .add("origin", plugin.origin)
      .add("path", plugin.path)
      .add("digest", plugin.bundleDigest)
      .addJson("components", "[" + components + "]")
      .addJson("mappers", "[" + mappers + "]")
      .addJson("types", "[" + types + "]")
      .text();
}

}  // namespace cairn::cli
