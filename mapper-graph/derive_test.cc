#include "mapper-graph/graph_words.h"

namespace cairn::graph {
namespace {

using namespace testing;

TEST(Derive, TakesAValueOfTheWantedTypeAsItIs) {
  const auto graph = graphOf({"a/loop: Image -> Image"});
  const auto found = graph->derive(query({"Image"}, "Image"));
  ASSERT_TRUE(found.has_value());
  EXPECT_TRUE(found->steps.empty());
  EXPECT_EQ(found->result, (ValueRef{ValueRef::From::Available, 0}));
}

TEST(Derive, TakesAValueAsItIsAlsoWhereTheGraphDoesNotKnowItsType) {
  EXPECT_TRUE(GraphBuilder().build()->derive(query({"Image"}, "Image")).has_value());
}

TEST(Derive, PrefersTheShorterChain) {
  const auto graph = graphOf({"a/x: A -> B cost=1", "a/y: B -> C cost=1", "b/direct: A -> C cost=1000"});
  EXPECT_EQ(chain(*graph, {"A"}, "C"), "C ← b/direct ← A");
}

TEST(Derive, JoinsSeveralInputs) {
  const auto graph = graphOf({"s/sign: Key -> Signature", "s/join: Image, Signature -> Signed"});
  EXPECT_EQ(chain(*graph, {"Image", "side:Key"}, "Signed"),
            "Signed ← s/join ← (Image, Signature ← s/sign ← Key)");
}

TEST(Derive, SendsTheFullIdOfTheMapper) {
  const auto graph = graphOf({"docker@1.2.0/pull: A -> B"});
  EXPECT_EQ(graph->derive(query({"A"}, "B"))->steps.at(0).mapper, "docker@1.2.0/pull");
}

TEST(Derive, ComparesLossBeforeEffectsBeforeCostBeforeLaunches) {
  EXPECT_EQ(chain(*graphOf({"a/1: A -> B lossy", "z/2: A -> B effects=2"}), {"A"}, "B"), "B ← z/2 ← A");
  EXPECT_EQ(chain(*graphOf({"a/1: A -> B effects=1", "z/2: A -> B cost=999"}), {"A"}, "B"), "B ← z/2 ← A");
  EXPECT_EQ(chain(*graphOf({"a/1: A -> B", "z/2: A -> B cost=99"}), {"A"}, "B"), "B ← z/2 ← A");
  Query launches = query({"A"}, "B");
  launches.endpoints = {"z"};
  EXPECT_EQ(chain(*graphOf({"a/1: A -> B", "z/2: A -> B"}), launches), "B ← z/2 ← A");
}

TEST(Derive, PoliciesChangeWhichPartCountsFirst) {
  const auto graph = graphOf({"a/short: A -> C cost=50 lossy", "b/1: A -> B cost=1",
                              "b/2: B -> C cost=1 lossy", "c/1: A -> D", "c/2: D -> E", "c/3: E -> C"});
  Query asked = query({"A"}, "C");
  EXPECT_EQ(chain(*graph, asked), "C ← a/short ← A");
  asked.policy = Policy::Cost;
  EXPECT_EQ(chain(*graph, asked), "C ← b/2 ← B ← b/1 ← A");
  asked.policy = Policy::Lossless;
  EXPECT_EQ(chain(*graph, asked), "C ← c/3 ← E ← c/2 ← D ← c/1 ← A");
}

TEST(Derive, NeverGoesRoundTheRegistryBecauseThatIsShorter) {
  const auto graph =
      graphOf({"d/local: docker.Image -> Deployable", "r/pull: registry.Image -> docker.Image"});
  EXPECT_EQ(chain(*graph, {"registry.Image", "side:docker.Image"}, "Deployable"),
            "Deployable ← d/local ← docker.Image ← r/pull ← registry.Image");
}

TEST(Derive, DoesNotTakeASideValueForTheMainOneEvenIfItHasTheType) {
  EXPECT_EQ(chain(*graphOf({"a/x: B -> C"}), {"A", "side:Image"}, "Image"), "! no-chain");
}

TEST(Derive, ASideInputMayBeWantedAsSuch) {
  Query asked = query({"Image", "side:Labels"}, "Labels");
  asked.fromMain = false;
  EXPECT_EQ(chain(*graphOf({"a/tag: Image, Labels -> Tagged"}), asked), "Labels");
}

TEST(Derive, MixesMainAndSideInputsOfOneType) {
  const auto graph = graphOf({"a/wrap: Image -> Wrapped", "a/both: Image, Wrapped -> Both"});
  EXPECT_EQ(chain(*graph, {"Image", "side:Wrapped"}, "Both"), "Both ← a/both ← (Image, Wrapped)");
}

TEST(Derive, RolesTellValuesOfOneTypeApart) {
  const auto graph = graphOf({"a/rebase: base=Image, app=Image -> Rebased", "a/pack: Dir -> Image"});
  const Query asked = query({"Dir", "role=base:Image"}, "Rebased");
  EXPECT_EQ(chain(*graph, asked), "Rebased ← a/rebase ← (Image:base, Image ← a/pack ← Dir)");
}

TEST(Derive, NeverFeedsOneValueToTwoRoles) {
  EXPECT_EQ(chain(*graphOf({"a/rebase: base=Image, app=Image -> Rebased"}), {"Image"}, "Rebased"),
            "! no-chain");
}

TEST(Derive, AMapperAllOfWhoseInputsHaveRolesNeedsNothingElse) {
  const auto graph = graphOf({"a/rebase: base=Image, app=Image -> Rebased"});
  Query asked = query({"role=base:Image", "role=app:Image"}, "Rebased");
  EXPECT_EQ(chain(*graph, asked), "Rebased ← a/rebase ← (Image:base, Image:app)");
}

TEST(Derive, PinsForbidsAndPrefersByMapperPluginAndType) {
  using Kind = Selector::Kind;
  const auto graph =
      graphOf({"a@1/x: A -> B", "b@1/x: A -> B", "b@1/y: B -> C", "c@1/z: A -> D", "c@1/w: D -> C"});
  Query asked = query({"A"}, "C");
  EXPECT_EQ(chain(*graph, asked), "C ← b/y ← B ← a/x ← A");
  asked.pin = {{Kind::Mapper, "b/x"}};
  EXPECT_EQ(chain(*graph, asked), "C ← b/y ← B ← b/x ← A");
  asked.pin = {{Kind::Mapper, "c@1/w"}};
  EXPECT_EQ(chain(*graph, asked), "C ← c/w ← D ← c/z ← A");
  asked.pin = {};
  asked.forbid = {{Kind::Plugin, "a"}};
  EXPECT_EQ(chain(*graph, asked), "C ← b/y ← B ← b/x ← A");
  asked.forbid = {{Kind::Type, "B"}};
  EXPECT_EQ(chain(*graph, asked), "C ← c/w ← D ← c/z ← A");
  asked.forbid = {};
  asked.prefer = {{Kind::Plugin, "c"}};
  EXPECT_EQ(chain(*graph, asked), "C ← c/w ← D ← c/z ← A");
}

TEST(Derive, NeverChoosesAMapperThatIsNotInUse) {
  EXPECT_EQ(chain(*graphOf({"a/x: A -> B off"}), {"A"}, "B"), "! no-chain");
}

TEST(Derive, ReportsAnEquallyGoodChainOfOtherMeaningAndTheLineThatSettlesIt) {
  const auto graph = graphOf({"a@1/x: A -> T", "b@1/x: A -> T"});
  Query asked = query({"A"}, "T");
  const auto found = graph->derive(asked);
  ASSERT_EQ(found->ambiguities.size(), 1u);
  EXPECT_EQ(found->ambiguities[0].chosenMapper, "a@1/x");
  EXPECT_EQ(found->ambiguities[0].rivalChain, "T ← b/x ← A");
  EXPECT_EQ(found->ambiguities[0].settle, "pin = [\"a/x\"]");
  asked.pin = {{Selector::Kind::Mapper, "a/x"}};
  EXPECT_TRUE(graph->derive(asked)->ambiguities.empty());
}

TEST(Derive, SuggestsToPreferWhereAPinRulesNothingOut) {
  const auto graph = graphOf({"a@1/scan: A -> A grants=scan", "b@1/scan: A -> A grants=scan"});
  Query asked = query({"A"}, "A");
  asked.gates = {"scan"};
  ASSERT_EQ(graph->derive(asked)->ambiguities.size(), 1u);
  EXPECT_EQ(graph->derive(asked)->ambiguities[0].settle, "prefer = [\"a/scan\"]");
  asked.prefer = {{Selector::Kind::Mapper, "a/scan"}};
  EXPECT_TRUE(graph->derive(asked)->ambiguities.empty());
}

TEST(Derive, SuggestsTheWholeLineWithWhatItSaysAlready) {
  const auto graph = graphOf({"a@1/x: A -> B", "b@1/x: A -> B", "c@1/y: B -> T", "d@1/y: B -> T"});
  Query asked = query({"A"}, "T");
  asked.pin = {{Selector::Kind::Mapper, "b/x"}};
  EXPECT_EQ(graph->derive(asked)->ambiguities.at(0).settle, "pin = [\"b/x\", \"c/y\"]");
}

TEST(Derive, SeveralPinnedMappersOfOneTypeAreAllAllowed) {
  Query asked = query({"A"}, "T");
  asked.pin = {{Selector::Kind::Mapper, "a/x"}, {Selector::Kind::Mapper, "b/x"}};
  EXPECT_EQ(chain(*graphOf({"a@1/x: A -> T", "b@1/x: A -> T"}), asked), "T ← a/x ← A");
}

}  // namespace
}  // namespace cairn::graph
