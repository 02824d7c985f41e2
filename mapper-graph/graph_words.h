#pragma once
// Words for this library's tests: a graph from lines of text.
//
//   "docker@1/from-oci: oci.Image, base=docker.Image -> docker.Image cost=5 lossy effects=2 grants=scan
//   keeps=a after=b
//    keepsall off"
// or "type docker.Image" for a type that no mapper mentions. A type's id is made from its name.

#include <cairn/graph/graph_builder.h>
#include <cairn/graph/mapper_graph.h>

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::graph::testing {

inline TypeId typeOf(std::string_view name) {
  std::uint64_t hash = 14695981039346656037ull;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return hash;
}

inline void property(MapperSpec& spec, const std::string& word) {
  const std::string key = word.substr(0, word.find('='));
  const std::string value = word.size() > key.size() ? word.substr(key.size() + 1) : "";
  if (key == "cost")
    spec.cost = static_cast<std::uint32_t>(std::stoul(value));
  else if (key == "lossy")
    spec.lossy = true;
  else if (key == "effects")
    spec.effects = static_cast<Effects>(std::stoi(value));
  else if (key == "grants")
    spec.grants.push_back(value);
  else if (key == "keeps")
    spec.keeps.push_back(value);
  else if (key == "after")
    spec.after.push_back(value);
  else if (key == "keepsall")
    spec.keepsAllGates = true;
  else if (key == "off")
    spec.enabled = false;
  else
    ADD_FAILURE() << "unknown word " << word;
}

inline MapperSpec parseMapper(const std::string& line, std::vector<TypeRef>& types) {
  MapperSpec spec;
  std::istringstream in(line);
  std::string word;
  in >> spec.id;
  spec.id.pop_back();
  spec.plugin = spec.id.substr(0, spec.id.find_first_of("@/"));
  bool pastArrow = false;
  while (in >> word) {
    if (word == "->") {
      in >> word;
      spec.output = typeOf(word);
      types.push_back({typeOf(word), word});
      pastArrow = true;
    } else if (pastArrow) {
      property(spec, word);
    } else {
      if (word.back() == ',') word.pop_back();
      const std::size_t equals = word.find('=');
      const std::string name = equals == std::string::npos ? word : word.substr(equals + 1);
      types.push_back({typeOf(name), name});
      spec.inputs.push_back({typeOf(name), equals == std::string::npos ? "" : word.substr(0, equals)});
    }
  }
  return spec;
}

inline std::shared_ptr<const MapperGraph> graphOf(const std::vector<std::string>& lines) {
  GraphBuilder builder;
  for (const std::string& line : lines) {
    if (line.starts_with("type ")) {
      EXPECT_TRUE(builder.addType({typeOf(line.substr(5)), line.substr(5)}).has_value());
      continue;
    }
    std::vector<TypeRef> types;
    const MapperSpec spec = parseMapper(line, types);
    for (const TypeRef& type : types) EXPECT_TRUE(builder.addType(type).has_value());
    const auto added = builder.addMapper(spec);
    EXPECT_TRUE(added.has_value()) << added.error().message;
  }
  return std::move(builder).build();
}

// "docker.Image" (main), "side:oci.Image", "role=base:oci.Image" (side).
inline Available value(const std::string& text) {
  Available out;
  const std::size_t colon = text.find(':');
  const std::string name = colon == std::string::npos ? text : text.substr(colon + 1);
  out.type = typeOf(name);
  out.main = colon == std::string::npos;
  if (text.starts_with("role=")) out.role = text.substr(5, colon - 5);
  return out;
}

inline Query query(const std::vector<std::string>& available, std::string_view wanted) {
  Query out;
  for (const std::string& text : available) out.available.push_back(value(text));
  out.wanted = typeOf(wanted);
  return out;
}

// The chain in one line, or the error's code.
inline std::string chain(const MapperGraph& graph, const Query& query) {
  const auto found = graph.derive(query);
  return found ? graph.chainText(query, *found) : "! " + found.error().code;
}

inline std::string chain(const MapperGraph& graph, const std::vector<std::string>& available,
                         std::string_view wanted) {
  return chain(graph, query(available, wanted));
}

}  // namespace cairn::graph::testing
