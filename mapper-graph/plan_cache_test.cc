#include <cairn/graph/plan_cache.h>

#include "mapper-graph/graph_words.h"

#include <thread>

namespace cairn::graph {
namespace {

using namespace testing;

TEST(PlanCache, GivesTheSameAnswerAgainWithoutASearch) {
  const auto graph = graphOf({"a/x: A -> B"});
  PlanCache cache;
  const auto first = cache.derive(graph, query({"A"}, "B"));
  EXPECT_EQ(cache.derive(graph, query({"A"}, "B")), first);
  EXPECT_NE(cache.derive(graph, query({"B"}, "B")), first);
}

TEST(PlanCache, RemembersThatThereIsNoChain) {
  const auto graph = graphOf({"a/x: A -> B"});
  PlanCache cache;
  const auto first = cache.derive(graph, query({"B"}, "A"));
  EXPECT_FALSE(first->has_value());
  EXPECT_EQ(cache.derive(graph, query({"B"}, "A")), first);
}

TEST(PlanCache, DropsEverythingForAnotherGraph) {
  PlanCache cache;
  EXPECT_FALSE(cache.derive(graphOf({"a/x: A -> B"}), query({"A"}, "C"))->has_value());
  EXPECT_TRUE(cache.derive(graphOf({"a/x: A -> C"}), query({"A"}, "C"))->has_value());
}

TEST(PlanCache, NeverAnswersAQueryThatDemandsAGateWithAChainFoundWithoutIt) {
  const auto graph = graphOf({"a/x: A -> B"});
  PlanCache cache;
  Query asked = query({"A"}, "B");
  EXPECT_TRUE(cache.derive(graph, asked)->has_value());
  asked.gates = {"scan"};
  EXPECT_FALSE(cache.derive(graph, asked)->has_value());
}

TEST(PlanCache, HoldsNoMoreThanItsLimit) {
  const auto graph = graphOf({"a/x: A -> B"});
  PlanCache cache(1);
  const auto first = cache.derive(graph, query({"A"}, "B"));
  cache.derive(graph, query({"A"}, "A"));
  EXPECT_NE(cache.derive(graph, query({"A"}, "B")), first);
}

TEST(PlanCache, AndItsGraphAreUsedFromSeveralThreads) {
  const auto graph = graphOf({"a/x: A -> B", "a/y: B -> C", "b/y: B -> C"});
  PlanCache cache(2);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        EXPECT_EQ((*cache.derive(graph, query({"A"}, i % 3 == 0 ? "B" : "C")))->steps.size(),
                  i % 3 == 0 ? 1u : 2u);
        EXPECT_FALSE(cache.derive(graph, query({"C"}, "A"))->has_value());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(PlanCache, IsAskedForTwoGraphsFromSeveralThreads) {
  const std::vector graphs{graphOf({"a/x: A -> B", "b/x: A -> B"}), graphOf({"a/x: A -> C"})};
  PlanCache cache;
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < 200; ++i) {
        const bool first = (t + i) % 2 == 0;
        EXPECT_EQ(cache.derive(graphs[first ? 0 : 1], query({"A"}, "B"))->has_value(), first);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(MapperGraph, AnswersAllItsQuestionsToSeveralThreadsAtOnce) {
  const auto graph = graphOf({"a/x: A -> B", "a/y: B -> C", "b/y: B -> C", "c/z: C, role=D -> E"});
  const auto expected = graph->derive(query({"A"}, "C"));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(*graph->derive(query({"A"}, "C")), *expected);
        EXPECT_EQ(graph->explain(query({"A"}, "C"))->chosen, *expected);
        EXPECT_EQ(graph->diagnose(query({"A"}, "E")).missing, std::vector<std::string>{"D"});
        EXPECT_EQ(graph->types().size(), graph->typeCount());
        EXPECT_TRUE(graph->findMapper("b/y").has_value());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace cairn::graph
