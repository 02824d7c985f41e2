// The mapper graph at the sizes that its targets name: building it, a cold search, a repeated query, long
// chains.

#include <cairn/graph/graph_builder.h>
#include <cairn/graph/mapper_graph.h>
#include <cairn/graph/plan_cache.h>

#include <benchmark/benchmark.h>

#include <malloc.h>

#include <random>

namespace cairn::graph {
namespace {

struct World {
  std::vector<TypeRef> types;
  std::vector<MapperSpec> mappers;
  Query query;
};

// A chain through a hundredth of the types, with random mappers of one to three inputs around it.
World randomWorld(std::size_t types, std::size_t mappers) {
  std::mt19937 random(42);
  World world;
  const auto any = [&] { return static_cast<TypeId>(random() % types + 1); };
  for (std::size_t t = 1; t <= types; ++t)
    world.types.push_back({t, "space" + std::to_string(t % 100) + ".Type" + std::to_string(t)});
  for (std::size_t m = 0; m < mappers; ++m) {
    const std::string plugin = "plugin" + std::to_string(m * 1000 / mappers);
    MapperSpec spec{.id = plugin + "@1.0.0/mapper" + std::to_string(m), .plugin = plugin};
    if (m < types / 100) {
      spec.inputs = {{m + 1, ""}};
      spec.output = m + 2;
    } else {
      spec.inputs = {{any(), ""}};
      while (spec.inputs.size() < 3 && random() % 10 < 3) {
        const TypeId type = any();
        if (type != spec.inputs.front().type && type != spec.inputs.back().type)
          spec.inputs.push_back({type, ""});
      }
      spec.output = any();
    }
    spec.cost = static_cast<std::uint32_t>(random() % 200);
    spec.lossy = random() % 10 == 0;
    spec.effects = static_cast<Effects>(random() % 3);
    world.mappers.push_back(std::move(spec));
  }
  world.query = {
      .available = {{.type = 1, .main = true}}, .wanted = types / 100 + 1, .endpoints = {"plugin0"}};
  return world;
}

std::shared_ptr<const MapperGraph> build(const World& world) {
  GraphBuilder builder;
  builder.expect(world.types.size(), world.mappers.size());
  (void)builder.addTypes(world.types).has_value();
  (void)builder.addMappers(world.mappers).has_value();
  return std::move(builder).build();
}

World chainWorld(std::size_t length) {
  World world;
  for (std::size_t i = 0; i < length; ++i) {
    world.mappers.push_back(
        {.id = "p@1/m" + std::to_string(i), .plugin = "p", .inputs = {{i + 1, ""}}, .output = i + 2});
  }
  world.query = {.available = {{.type = 1, .main = true}}, .wanted = length + 1};
  return world;
}

void buildGraph(benchmark::State& state) {
  const World world =
      randomWorld(static_cast<std::size_t>(state.range(0)) / 3, static_cast<std::size_t>(state.range(0)));
  const std::size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
  const auto graph = build(world);
  const std::size_t after = mallinfo2().uordblks + mallinfo2().hblkhd;
  for (auto _ : state) {
    auto built = build(world);
    state.PauseTiming();
    built.reset();
    state.ResumeTiming();
  }
  state.counters["graph_MB"] = static_cast<double>(after - before) / 1e6;
}
BENCHMARK(buildGraph)
    ->RangeMultiplier(10)
    ->Range(1000, 1'000'000)
    ->Arg(300'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();  // two threads take part

void coldSearch(benchmark::State& state) {
  const World world =
      randomWorld(static_cast<std::size_t>(state.range(0)) / 3, static_cast<std::size_t>(state.range(0)));
  const auto graph = build(world);
  for (auto _ : state) benchmark::DoNotOptimize(graph->derive(world.query));
  state.counters["steps"] = static_cast<double>(graph->derive(world.query).value().steps.size());
}
BENCHMARK(coldSearch)
    ->RangeMultiplier(10)
    ->Range(1000, 1'000'000)
    ->Arg(300'000)
    ->Unit(benchmark::kMillisecond);

// Everything that can be made is settled before the answer is no; with the reasons why.
void failingSearch(benchmark::State& state) {
  World world = randomWorld(100'000, 300'000);
  world.query.available[0].type = 99'999;
  world.types.push_back({1'000'002, "space2.Type1000002"});
  world.mappers.push_back(
      {.id = "x@1/last", .plugin = "x", .inputs = {{77, ""}, {1'000'001, ""}}, .output = 1'000'002});
  world.query.wanted = 1'000'002;
  const auto graph = build(world);
  for (auto _ : state) benchmark::DoNotOptimize(graph->derive(world.query));
}
BENCHMARK(failingSearch)->Unit(benchmark::kMillisecond);

void repeatedQuery(benchmark::State& state) {
  const World world = randomWorld(100'000, 300'000);
  const auto graph = build(world);
  PlanCache cache;
  for (auto _ : state) benchmark::DoNotOptimize(cache.derive(graph, world.query));
}
BENCHMARK(repeatedQuery)->Unit(benchmark::kMicrosecond);

void typicalProject(benchmark::State& state) {
  const World world = randomWorld(200, 400);
  const auto graph = build(world);
  for (auto _ : state) benchmark::DoNotOptimize(graph->derive(world.query));
}
BENCHMARK(typicalProject)->Unit(benchmark::kMicrosecond);

void longChain(benchmark::State& state) {
  const World world = chainWorld(static_cast<std::size_t>(state.range(0)));
  const auto graph = build(world);
  for (auto _ : state) benchmark::DoNotOptimize(graph->derive(world.query));
}
BENCHMARK(longChain)->Arg(1000)->Arg(4000)->Arg(16'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace cairn::graph
