#include "mapper-graph/graph_words.h"

namespace cairn::graph {
namespace {

using namespace testing;

Query gated(const std::vector<std::string>& available, std::string_view wanted,
            std::vector<std::string> gates) {
  Query out = query(available, wanted);
  out.gates = std::move(gates);
  return out;
}

TEST(Gate, IsPassedOnTheWay) {
  const auto graph = graphOf({"p/scan: oci -> oci grants=scan", "d/load: oci -> docker keepsall"});
  EXPECT_EQ(chain(*graph, gated({"oci"}, "docker", {"scan"})),
            "docker ← d/load ← oci ← p/scan (gate scan) ← oci");
}

TEST(Gate, IsNotBypassedByACheaperEdge) {
  const auto graph =
      graphOf({"p/scan: B -> B grants=scan", "a/short: A -> C", "a/1: A -> B", "a/2: B -> C keeps=scan"});
  EXPECT_EQ(chain(*graph, gated({"A"}, "C", {"scan"})), "C ← a/2 ← B ← p/scan (gate scan) ← B ← a/1 ← A");
}

TEST(Gate, IsNotBypassedByAValueThatAlreadyHasTheRightType) {
  const auto graph = graphOf({"p/scan: oci -> oci grants=scan"});
  EXPECT_EQ(chain(*graph, gated({"oci"}, "oci", {"scan"})), "oci ← p/scan (gate scan) ← oci");
  EXPECT_EQ(chain(*graphOf({"a/x: oci -> oci"}), gated({"oci"}, "oci", {"scan"})), "! gate-not-passed");
}

TEST(Gate, IsNotBypassedByASideValueOfTheRightType) {
  const auto graph = graphOf({"p/scan: oci -> oci grants=scan", "a/x: docker -> oci"});
  EXPECT_EQ(chain(*graph, gated({"docker", "side:oci"}, "oci", {"scan"})),
            "oci ← p/scan (gate scan) ← oci ← a/x ← docker");
}

TEST(Gate, IsNotBypassedByJoiningAScannedValueWithAnUnscannedOne) {
  const auto graph =
      graphOf({"p/scan: oci -> oci grants=scan", "a/mix: oci, tar -> mixed keepsall", "a/x: oci -> tar"});
  EXPECT_EQ(chain(*graph, gated({"oci"}, "mixed", {"scan"})), "! gate-not-passed");
}

TEST(Gate, IsOpenToAnArtifactThatIsRecordedToHavePassedIt) {
  Query asked = gated({"oci"}, "oci", {"scan"});
  asked.available[0].passed = {"scan"};
  EXPECT_EQ(chain(*graphOf({"a/x: oci -> oci"}), asked), "oci");
}

TEST(Gate, IsLostWhenAMapperRewritesTheValue) {
  const auto graph = graphOf({"p/scan: A -> A grants=scan", "a/rewrite: A -> B"});
  EXPECT_EQ(chain(*graph, gated({"A"}, "B", {"scan"})), "! gate-not-passed");
  const auto after =
      graphOf({"p/scan: A -> A grants=scan", "a/rewrite: A -> B", "p/again: B -> B grants=scan"});
  EXPECT_EQ(chain(*after, gated({"A"}, "B", {"scan"})), "B ← p/again (gate scan) ← B ← a/rewrite ← A");
}

TEST(Gate, SideInputsNeedNotPassIt) {
  const auto graph = graphOf({"p/scan: oci -> oci grants=scan", "s/join: oci, sig -> signed keeps=scan"});
  EXPECT_EQ(chain(*graph, gated({"oci", "side:sig"}, "signed", {"scan"})),
            "signed ← s/join ← (oci ← p/scan (gate scan) ← oci, sig)");
}

TEST(Gate, OrderIsKept) {
  const auto graph =
      graphOf({"a/sign: A -> A grants=sign keepsall after=scan", "z/scan: A -> A grants=scan keepsall"});
  EXPECT_EQ(chain(*graph, gated({"A"}, "A", {"sign", "scan"})),
            "A ← a/sign (gate sign) ← A ← z/scan (gate scan) ← A");
  EXPECT_EQ(chain(*graph, gated({"A"}, "A", {"sign"})), "A ← a/sign (gate sign) ← A");
}

TEST(Gate, TwoInAnyOrderAreNoAmbiguity) {
  const auto graph = graphOf({"a/sign: A -> A grants=sign keepsall", "z/scan: A -> A grants=scan keepsall"});
  const auto found = graph->derive(gated({"A"}, "A", {"sign", "scan"}));
  ASSERT_EQ(found->steps.size(), 2u);
  EXPECT_TRUE(found->ambiguities.empty());
  EXPECT_EQ(found->gates, (std::vector<std::string>{"sign", "scan"}));
}

TEST(Gate, IsNotShutOutByAPin) {
  const auto graph = graphOf({"p/scan: B -> B grants=scan", "a/x: A -> B", "b/x: A -> B"});
  Query asked = gated({"A"}, "B", {"scan"});
  asked.pin = {{Selector::Kind::Mapper, "b/x"}};
  EXPECT_EQ(chain(*graph, asked), "B ← p/scan (gate scan) ← B ← b/x ← A");
}

TEST(Gate, ThatIsNotPassedIsAnotherErrorThanNoChain) {
  const auto graph = graphOf({"p/scan: C -> C grants=scan", "a/x: A -> B"});
  const auto found = graph->derive(gated({"A"}, "B", {"scan"}));
  EXPECT_EQ(found.error().kind, ErrorKind::Refused);
  EXPECT_EQ(found.error().message, "no chain from A to B passes the gate scan");
  EXPECT_EQ(found.error().detail, "available: A\nnot allowed: B ← a/x ← A\np/scan makes C from C");
  EXPECT_EQ(chain(*graph, gated({"B"}, "A", {"scan"})), "! no-chain");
}

TEST(Gate, TenMayBeDemandedAtOnceAndNoMore) {
  std::vector<std::string> lines, gates;
  for (int i = 0; i < 10; ++i) {
    gates.push_back("g" + std::to_string(i));
    lines.push_back("p/" + gates.back() + ": A -> A keepsall grants=" + gates.back());
  }
  EXPECT_EQ(graphOf(lines)->derive(gated({"A"}, "A", gates))->steps.size(), 10u);
  gates.push_back("g10");
  EXPECT_EQ(chain(*graphOf(lines), gated({"A"}, "A", gates)), "! too-many-gates");
}

}  // namespace
}  // namespace cairn::graph
