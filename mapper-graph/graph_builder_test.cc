#include "mapper-graph/graph_words.h"

namespace cairn::graph {
namespace {

using namespace testing;

MapperSpec mapper(std::string id) {
  return {.id = std::move(id), .plugin = "p", .inputs = {{1, ""}}, .output = 2};
}

TEST(GraphBuilder, RefusesANameForTwoTypes) {
  GraphBuilder builder;
  ASSERT_TRUE(builder.addType({1, "docker.Image"}).has_value());
  EXPECT_TRUE(builder.addType({1, "docker.Image"}).has_value());
  EXPECT_EQ(builder.addType({2, "docker.Image"}).error().code, "type-conflict");
  EXPECT_EQ(builder.addType({1, "docker.Picture"}).error().code, "type-conflict");
  EXPECT_TRUE(builder.addType({3, "docker.Picture"}).has_value());
}

TEST(GraphBuilder, RefusesAMapperIdThatIsTaken) {
  GraphBuilder builder;
  ASSERT_TRUE(builder.addMapper(mapper("p@1/x")).has_value());
  EXPECT_TRUE(builder.addMapper(mapper("p@2/x")).has_value());
  EXPECT_EQ(builder.addMapper(mapper("p@1/x")).error().code, "duplicate-mapper");
}

TEST(GraphBuilder, AddsManyUpToAWrongOne) {
  std::vector<MapperSpec> specs;
  for (int i = 0; i < 30; ++i) specs.push_back(mapper("p/" + std::to_string(i)));
  specs[25].id = "p/7";
  GraphBuilder builder;
  EXPECT_EQ(builder.addMappers(specs).error().message, "mapper id 'p/7' is taken");
  EXPECT_TRUE(builder.addTypes(std::vector<TypeRef>{{1, "A"}, {2, "B"}}).has_value());
  EXPECT_EQ(builder.addTypes(std::vector<TypeRef>{{3, "C"}, {4, "A"}}).error().code, "type-conflict");
  const auto graph = std::move(builder).build();
  EXPECT_EQ(graph->mapperCount(), 25u);
  EXPECT_EQ(graph->typeCount(), 3u);
  EXPECT_EQ(chain(*graph, Query{.available = {{.type = 1}}, .wanted = 2}), "B ← p/0 ← A");
}

TEST(GraphBuilder, PutsSoManyThatThreadsShareTheWorkInTheOrderOfTheirIds) {
  std::vector<MapperSpec> specs;
  for (int i = 50'000; i > 0; --i) specs.push_back(mapper("p/" + std::to_string(i * 7919 % 50'021)));
  GraphBuilder builder;
  ASSERT_TRUE(builder.addMappers(specs).has_value());
  const auto graph = std::move(builder).build();
  ASSERT_EQ(graph->mapperCount(), specs.size());
  for (MapperIndex i = 1; i < graph->mapperCount(); ++i) {
    ASSERT_LT(graph->mapper(i - 1).id, graph->mapper(i).id);
  }
}

TEST(GraphBuilder, RefusesWhatIsNoMapper) {
  GraphBuilder builder;
  MapperSpec noInput = mapper("p/x"), dear = noInput, twice = noInput, odd = noInput;
  noInput.inputs.clear();
  dear.cost = kMaxCost + 1;
  twice.inputs.push_back(twice.inputs[0]);
  odd.effects = static_cast<Effects>(3);
  EXPECT_EQ(builder.addMapper(mapper("")).error().code, "bad-mapper");
  EXPECT_EQ(builder.addMapper(noInput).error().message, "mapper 'p/x' takes no input");
  EXPECT_EQ(builder.addMapper(dear).error().message, "mapper 'p/x' costs 1000001");
  EXPECT_EQ(builder.addMapper(odd).error().message, "mapper 'p/x' has effects of an unknown kind");
  EXPECT_EQ(builder.addMapper(twice).error().message, "mapper 'p/x' takes one type twice in the same role");
}

TEST(GraphBuilder, FindsWhatIsTakenTwiceAmongManyInputs) {
  GraphBuilder builder;
  MapperSpec wide = mapper("p/wide");
  wide.inputs.clear();
  for (TypeId type = 1; type < 65535; ++type) wide.inputs.push_back({65535 - type, {}});
  wide.inputs.push_back({1, "other"});
  EXPECT_TRUE(builder.addMapper(wide));
  wide.id = "p/twice";
  wide.inputs.back().role = {};
  EXPECT_EQ(builder.addMapper(wide).error().message,
            "mapper 'p/twice' takes one type twice in the same role");
}

TEST(GraphBuilder, GivesBackWhatWasPutIn) {
  const auto graph =
      graphOf({"p@1/b: base=A, B -> C cost=7 lossy effects=2 grants=g keeps=h after=i off", "p@1/a: A -> B"});
  EXPECT_EQ(graph->mapperCount(), 2u);
  const MapperSpec spec = graph->mapper(graph->findMapper("p/b").value());
  EXPECT_EQ(spec.id, "p@1/b");
  EXPECT_EQ(spec.plugin, "p");
  ASSERT_EQ(spec.inputs.size(), 2u);
  EXPECT_EQ(spec.inputs[0].role, "base");
  EXPECT_EQ(graph->typeName(spec.inputs[1].type), "B");
  EXPECT_EQ(spec.cost, 7u);
  EXPECT_TRUE(spec.lossy && !spec.enabled && spec.effects == Effects::Effectful);
  EXPECT_EQ(spec.grants.at(0) + spec.keeps.at(0) + spec.after.at(0), "ghi");
}

TEST(GraphBuilder, FindsTypesAndMappersByName) {
  const auto graph = graphOf({"p@1/a: A -> B", "p@2/a: A -> B"});
  EXPECT_EQ(graph->findType("A"), typeOf("A"));
  EXPECT_EQ(graph->findType("Z"), std::nullopt);
  EXPECT_TRUE(graph->findMapper("p@2/a").has_value());
  EXPECT_FALSE(graph->findMapper("p/a").has_value()) << "two versions are there";
  EXPECT_EQ(graph->types().at(1).name, "B");
}

TEST(GraphBuilder, ShowsATypeWithoutANameByItsNumber) {
  GraphBuilder builder;
  ASSERT_TRUE(builder.addMapper(mapper("p/x")).has_value());
  EXPECT_EQ(std::move(builder).build()->typeName(2), "@0x0000000000000002");
}

}  // namespace
}  // namespace cairn::graph
