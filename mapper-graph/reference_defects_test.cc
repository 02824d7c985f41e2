// What a reference engine got wrong, each as a test that fails on it.

#include "mapper-graph/graph_words.h"

#include <algorithm>
#include <limits>
#include <random>
#include <set>

namespace cairn::graph {
namespace {

using namespace testing;

// Everything a caller may see of an answer.
std::string dump(const MapperGraph& graph, const Query& query) {
  const auto found = graph.explain(query);
  return found ? found->text : found.error().message + found.error().detail;
}

TEST(ReferenceDefects, TwoMappersWithOneSignatureAreBothUsable) {
  const auto graph = graphOf({"a@1/x: A -> B", "b@1/x: A -> B"});
  Query asked = query({"A"}, "B");
  asked.forbid = {{Selector::Kind::Mapper, "a/x"}};
  EXPECT_EQ(chain(*graph, asked), "B ← b/x ← A");
  asked.forbid = {{Selector::Kind::Mapper, "b/x"}};
  EXPECT_EQ(chain(*graph, asked), "B ← a/x ← A");
}

TEST(ReferenceDefects, ATieIsDecidedTheSameWayInAThousandShufflesOfRegistration) {
  std::vector<std::string> lines{"m/a: A -> B",
                                 "m/b: A -> C",
                                 "m/c: B -> T",
                                 "m/d: C -> T",
                                 "n/e: A, B -> U",
                                 "n/f: A, C -> U",
                                 "n/g: U -> T",
                                 "o/h: base=A, app=A -> V",
                                 "o/i: A -> A grants=scan"};
  std::mt19937 random(7);
  const Query asked = query({"A"}, "T");
  const std::string first = dump(*graphOf(lines), asked);
  EXPECT_NE(first.find("T ← m/c ← B ← m/a ← A"), std::string::npos) << first;
  for (int i = 0; i < 1000; ++i) {
    std::shuffle(lines.begin(), lines.end(), random);
    ASSERT_EQ(dump(*graphOf(lines), asked), first);
  }
}

TEST(ReferenceDefects, ADeadEndWithTwoInputsNeverBeatsAValidChain) {
  const auto graph = graphOf({"a/short: A, Never -> T cost=0", "b/1: A -> B", "b/2: B -> C", "b/3: C -> T"});
  EXPECT_EQ(chain(*graph, {"A"}, "T"), "T ← b/3 ← C ← b/2 ← B ← b/1 ← A");
}

// Nothing can run while a chain is sought: the graph holds no function, and a derivation has each of its
// inputs proven by an available value or an earlier step.
TEST(ReferenceDefects, EveryStepIsProvenBeforeAnyCouldRun) {
  const auto graph = graphOf({"a/1: A -> B", "a/2: A, B -> C", "a/3: B, C -> T"});
  const auto found = graph->derive(query({"A"}, "T"));
  ASSERT_TRUE(found.has_value());
  for (std::size_t i = 0; i < found->steps.size(); ++i) {
    for (const StepInput& input : found->steps[i].inputs) {
      const bool available = input.source.from == ValueRef::From::Available;
      EXPECT_TRUE(available || found->steps.at(input.source.index).output == input.type);
      EXPECT_LT(input.source.index, available ? 1 : i);
    }
  }
}

TEST(ReferenceDefects, ADiamondRunsItsSharedMapperOnceAndBothSeeOneValue) {
  const auto graph = graphOf({"a/shared: A -> S", "a/left: S -> L", "a/right: S -> R", "a/join: L, R -> T"});
  const auto found = graph->derive(query({"A"}, "T"));
  ASSERT_EQ(found->steps.size(), 4u);
  EXPECT_EQ(found->steps[1].inputs[0].source, found->steps[2].inputs[0].source);
  EXPECT_EQ(graph->chainText(query({"A"}, "T"), *found),
            "T ← a/join ← (L ← a/left ← S ← a/shared ← A, R ← a/right ← S)");
}

TEST(ReferenceDefects, ALadderOfTwoInputMappersRunsEachOnceHoweverDeep) {
  std::vector<std::string> lines;
  for (int i = 0; i < 200; ++i) {
    const std::string a = std::to_string(i), b = std::to_string(i + 1);
    lines.push_back("l/" + a + ": L" + a + ", R" + a + " -> L" + b);
    lines.push_back("r/" + a + ": L" + a + ", R" + a + " -> R" + b);
  }
  const auto found = graphOf(lines)->derive(query({"L0", "R0"}, "L200"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->steps.size(), 399u);
  EXPECT_EQ(found->cost.hops, std::numeric_limits<std::uint64_t>::max());  // 2^200 - 1, stopped at the top
}

TEST(ReferenceDefects, CyclesAndZeroCostsEnd) {
  const auto graph =
      graphOf({"a/1: A -> B cost=0", "a/2: B -> A cost=0", "a/3: B -> B cost=0", "a/4: B -> C cost=0",
               "a/5: C -> B cost=0", "a/6: C, T -> T cost=0", "a/7: C -> T cost=0"});
  for (const Policy policy : {Policy::Shortest, Policy::Cost, Policy::Lossless}) {
    Query asked = query({"A"}, "T");
    asked.policy = policy;
    EXPECT_EQ(chain(*graph, asked), "T ← a/7 ← C ← a/4 ← B ← a/1 ← A");
  }
}

TEST(ReferenceDefects, AChainOfTenThousandHopsNeedsNoRecursion) {
  std::vector<std::string> lines;
  for (int i = 0; i < 10'000; ++i) {
    lines.push_back("m/" + std::to_string(i) + ": T" + std::to_string(i) + " -> T" + std::to_string(i + 1));
  }
  const auto graph = graphOf(lines);
  const Query asked = query({"T0"}, "T10000");
  const auto found = graph->explain(asked);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->chosen.steps.size(), 10'000u);
  EXPECT_LT(found->chain.size(), 1000u);
  EXPECT_FALSE(graph->derive(query({"T1"}, "T0")).has_value());
}

TEST(ReferenceDefects, CostsCanNotOverflow) {
  const CostVector most{.hops = std::numeric_limits<std::uint64_t>::max(), .cost = 5};
  const CostVector sum = most + CostVector{.hops = 3, .cost = 7};
  EXPECT_EQ(sum.hops, most.hops);
  EXPECT_EQ(sum.cost, 12u);
}

TEST(ReferenceDefects, TypesOfOneShortNameInDifferentPluginsAreDifferent) {
  const auto graph = graphOf({"a/x: one.Image -> T", "a/y: two.Image -> U"});
  EXPECT_EQ(chain(*graph, {"two.Image"}, "T"), "! no-chain");
}

TEST(ReferenceDefects, AFailureNamesItsRealCause) {
  const auto graph =
      graphOf({"oci@1/pack: Dockerfile, BuildContext -> oci.Image", "d@1/load: oci.Image -> docker.Image"});
  const auto found = graph->derive(query({"BuildContext"}, "docker.Image"));
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().message, "nothing turns BuildContext into docker.Image");
  EXPECT_EQ(found.error().hint, "Dockerfile as well would close the gap");
  EXPECT_NE(found.error().detail.find("oci/pack makes oci.Image, has BuildContext, lacks Dockerfile"),
            std::string::npos);
}

}  // namespace
}  // namespace cairn::graph
