#include "cli/picture_style.h"

#include "cli/mapper_answers.h"

namespace cairn::cli {

namespace {

// As it stands between double quotes.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// As it stands in a label between < and >.
std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string small(const std::string& text, const std::string& colour) {
  return "<font point-size=\"9\" color=\"" + colour + "\">" + escaped(text) + "</font>";
}

// "oci.Image": the namespace stands back, the name is what is read.
std::string typeLabel(const std::string& name) {
  const auto dot = name.rfind('.');
  if (dot == std::string::npos) return "<b>" + escaped(name) + "</b>";
  return "<font color=\"#6e7781\">" + escaped(name.substr(0, dot + 1)) + "</font><b>" +
         escaped(name.substr(dot + 1)) + "</b>";
}

// "oci.Image-to-docker.Image" says no more than the picture does.
bool saysOnlyItsTypes(const std::string& name) {
  return name.find("-to-") != std::string::npos && name.find('.') != std::string::npos;
}

}  // namespace

std::string pictureHead() {
  return "  graph [rankdir=LR, nodesep=0.22, ranksep=0.32, pad=0.25, bgcolor=white, compound=true,\n"
         "         fontname=\"Helvetica,Arial,sans-serif\", fontsize=13, fontcolor=\"#1f2328\"];\n"
         "  node [fontname=\"Helvetica,Arial,sans-serif\", fontsize=12, fontcolor=\"#1f2328\", height=0.36,\n"
         "        margin=\"0.13,0.05\", penwidth=1.1];\n"
         "  edge [fontname=\"Helvetica,Arial,sans-serif\", fontsize=9, arrowsize=0.65, color=\"#afb8c1\"];\n";
}

PictureStyle::PictureStyle(const std::set<std::string>& plugins,
                           const std::map<std::string, std::string>& gatePlaces)
    : gatePlaces_(gatePlaces) {
  for (const std::string& plugin : plugins) {
    if (!plugin.empty()) places_.emplace(plugin, places_.size());
  }
}

PictureStyle::Colour PictureStyle::colourOf(const std::string& plugin) const {
  static constexpr Colour kColours[] = {
      {"#0969da", "#ddf4ff"}, {"#1a7f37", "#dafbe1"}, {"#8250df", "#f3e8ff"}, {"#bc4c00", "#ffe8d9"},
      {"#bf3989", "#ffeff7"}, {"#1b7c83", "#d8f5f5"}, {"#7d4e00", "#f7ead3"}, {"#57606a", "#eaeef2"}};
  auto place = places_.find(plugin);
  if (place == places_.end()) return {"#24292f", "#f6f8fa"};  // of cairn.toml
  return kColours[place->second % std::size(kColours)];
}

std::string PictureStyle::type(const std::string& node, const std::string& name, bool chosen) const {
  return "  " + quoted(node) + " [label=<" + typeLabel(name) +
         ">, shape=box, style=\"rounded,filled\", fillcolor=\"" + (chosen ? "#ffffff" : "#f6f8fa") +
         "\", color=\"" + (chosen ? "#424a53" : "#d0d7de") + "\"];\n";
}

std::string PictureStyle::mapper(const std::string& node, const graph::MapperSpec& mapper,
                                 bool chosen) const {
  const MapperId id = splitMapperId(mapper.id);
  const Colour colour = colourOf(mapper.plugin);
  const bool gate = !mapper.grants.empty();
  const std::string strong = gate ? "#9a6700" : colour.strong;
  std::string label = escaped(mapper.plugin.empty() || gate ? id.name : mapper.plugin);
  if (!mapper.plugin.empty() && !gate && !saysOnlyItsTypes(id.name)) label += escaped("/" + id.name);
  if (gate) label += "<br/>" + small(gateWords(mapper.id), strong);
  if (mapper.lossy) label += " " + small("lossy", strong);
  if (!mapper.enabled) label += " " + small("not in use", strong);
  return "  " + quoted(node) + " [label=<" + label + ">, tooltip=" + quoted(mapper.id) +
         (gate ? ", shape=hexagon, margin=\"0.02,0.02\"" : ", shape=cds, margin=\"0.16,0.05\"") +
         ", fontsize=10, style=\"filled" + (mapper.enabled ? "" : ",dashed") + "\", fillcolor=\"" +
         (gate ? "#fff8c5" : colour.pale) + "\", color=\"" + strong + "\", fontcolor=\"" + strong +
         "\", penwidth=" + (chosen ? "1.8" : "0.8") + "];\n";
}

// What it guards: a picture of all mappers would not show it otherwise.
std::string PictureStyle::gateWords(const std::string& mapper) const {
  const auto place = gatePlaces_.find(mapper);
  return place == gatePlaces_.end() ? "gate" : "gate before " + place->second;
}

std::string PictureStyle::component(const std::string& node, const std::string& stage, const std::string& use,
                                    const std::string& plugin) const {
  const Colour colour = colourOf(plugin);
  return "  " + quoted(node) + " [label=<<b>" + escaped(stage) + "</b><br/>" + small(use, "#ffffff") +
         ">, shape=box, style=\"rounded,filled\", fontcolor=white, color=\"" + colour.strong +
         "\", fillcolor=\"" + colour.strong + "\"];\n";
}

std::string PictureStyle::edge(const std::string& from, const std::string& to, bool chosen,
                               const std::string& role) const {
  std::string attributes = chosen ? "color=\"#424a53\", penwidth=1.7" : "";
  if (!role.empty()) attributes += (attributes.empty() ? "" : ", ") + ("label=" + quoted(role));
  return "  " + quoted(from) + " -> " + quoted(to) + (attributes.empty() ? "" : " [" + attributes + "]") +
         ";\n";
}

std::string PictureStyle::missing(const std::string& from, const std::string& to) const {
  return "  " + quoted(from) + " -> " + quoted(to) +
         " [label=\"no chain\", style=dashed, color=\"#cf222e\", fontcolor=\"#cf222e\", penwidth=1.7];\n";
}

std::string PictureStyle::frame(const std::string& name, const std::string& title,
                                const std::string& body) const {
  return "  subgraph " + quoted("cluster_" + name) + " {\n  label=" + quoted(title) +
         "; labeljust=l; style=\"rounded\"; color=\"#d0d7de\"; margin=12;\n" + body + "  }\n";
}

}  // namespace cairn::cli
