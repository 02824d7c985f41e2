#include "cli/mapper_picture.h"

#include <cairn/graph/graph_builder.h>
#include <gtest/gtest.h>

#include <utility>

namespace cairn::cli {
namespace {

graph::MapperSpec step(std::string id, graph::TypeId from, graph::TypeId to) {
  return {.id = std::move(id), .plugin = "p", .inputs = {{from, ""}}, .output = to};
}

Mappers mappersWith(std::vector<graph::MapperSpec> specs) {
  graph::GraphBuilder builder;
  for (const auto& spec : specs) EXPECT_TRUE(builder.addMapper(spec).has_value());
  Mappers out;
  out.graph = std::move(builder).build();
  out.all = std::move(specs);
  return out;
}

Chain chainOf(const Mappers& mappers, graph::TypeId from, graph::TypeId to) {
  host::Boundary boundary{.graph = mappers.graph};
  boundary.query.available.push_back({.type = from, .main = true});
  boundary.query.wanted = to;
  auto answer = boundary.graph->explain(boundary.query);
  return {std::move(boundary), std::move(answer)};
}

TEST(MapperPicture, SaysWhereAGateStands) {
  graph::MapperSpec scan = step("project/scan", 1, 1);
  scan.plugin.clear();
  scan.grants = {"scan"};
  Mappers mappers = mappersWith({scan, step("p@1/pack", 1, 2)});
  mappers.gatePlaces = {{"project/scan", "deploy of web"}};
  const std::string picture = pictureOf(mappers, {}, PictureParts::ChainsAndMap);
  EXPECT_NE(picture.find(">gate before deploy of web<"), std::string::npos) << picture;
}

TEST(MapperPicture, DrawsAChainOfTenThousandStepsWithoutRecursion) {
  std::vector<graph::MapperSpec> specs;
  for (graph::TypeId i = 0; i < 10'000; ++i) specs.push_back(step("p@1/" + std::to_string(i), i, i + 1));
  const Mappers mappers = mappersWith(std::move(specs));
  std::vector<Chain> chains;
  chains.push_back(chainOf(mappers, 0, 10'000));
  ASSERT_TRUE(chains[0].answer.has_value());
  const std::string picture = pictureOf(mappers, chains, PictureParts::ChainsAndMap);
  EXPECT_NE(picture.find("/9999\""), std::string::npos);
  EXPECT_NE(picture.find("mapper p@1/9999"), std::string::npos);
}

}  // namespace
}  // namespace cairn::cli
