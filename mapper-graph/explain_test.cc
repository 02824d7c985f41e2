#include "mapper-graph/graph_words.h"

namespace cairn::graph {
namespace {

using namespace testing;

std::shared_ptr<const MapperGraph> imageGraph() {
  return graphOf({"docker@1.2.0/from-oci: oci.Image -> docker.Image",
                  "skopeo@1.9.0/export: oci.Image -> tar.Archive lossy",
                  "skopeo@1.9.0/load: tar.Archive -> docker.Image",
                  "trivy@0.5.0/scan: oci.Image -> oci.Image grants=scan"});
}

TEST(Explain, TellsTheChainItsStepsAndWhatElseWouldHaveDone) {
  Query asked = query({"oci.Image"}, "docker.Image");
  asked.endpoints = {"docker"};
  const auto found = imageGraph()->explain(asked);
  EXPECT_EQ(found->text,
            "docker.Image ← docker/from-oci ← oci.Image\n"
            "  1 hop, cost 100 (policy shortest)\n"
            "  1. docker@1.2.0/from-oci makes docker.Image; 1 hop, cost 100\n"
            "  not docker.Image ← skopeo/load ← tar.Archive ← skopeo/export ← oci.Image: 2 hops against 1\n");
  EXPECT_EQ(found->alternatives.at(0).withoutStep, "docker@1.2.0/from-oci");
}

TEST(Explain, NamesPluginsThatAreStartedForTheChainAlone) {
  Query asked = query({"oci.Image"}, "docker.Image");
  asked.endpoints = {"nomad"};
  asked.forbid = {{Selector::Kind::Plugin, "docker"}};
  EXPECT_EQ(imageGraph()->explain(asked)->launches, std::vector<std::string>{"skopeo"});
}

TEST(Explain, SaysWhereTheIdsDecidedAndHowToSettleIt) {
  const auto graph = graphOf({"a@1/x: A -> T", "b@1/x: A -> T"});
  EXPECT_EQ(graph->explain(query({"A"}, "T"))->text,
            "T ← a/x ← A\n"
            "  1 hop, cost 100, 1 launch (policy shortest)\n"
            "  1. a@1/x makes T; 1 hop, cost 100, 1 launch\n"
            "  also starts: a\n"
            "  not T ← b/x ← A: as good; the ids decide\n"
            "  ambiguous: b@1/x would do as well as a@1/x; settle it with pin = [\"a/x\"] under [mappers]\n");
}

TEST(Explain, GivesAtMostThreeAlternativesTheBestFirst) {
  const auto graph =
      graphOf({"a/1: A -> B", "a/2: B -> C", "a/3: C -> D", "a/4: D -> E", "b/1: A -> B cost=900",
               "b/2: B -> C cost=300", "b/3: C -> D cost=700", "b/4: D -> E cost=500"});
  const auto found = graph->explain(query({"A"}, "E"));
  ASSERT_EQ(found->alternatives.size(), 3u);
  EXPECT_EQ(found->alternatives[0].whyNot, "cost 600 against 400");
  EXPECT_EQ(found->alternatives[2].withoutStep, "a/3");
}

TEST(Explain, SaysThatAValueIsTakenAsItIs) {
  Query asked = query({"A"}, "A");
  asked.available[0].label = "artifact of app web";
  EXPECT_EQ(graphOf({"a/1: A -> B"})->explain(asked)->text, "A\n  taken as it is: artifact of app web\n");
}

TEST(Explain, GivesEachStepsReasonsAsData) {
  Query asked = query({"oci.Image"}, "docker.Image");
  asked.endpoints = {"docker"};
  asked.gates = {"scan"};
  const auto graph = graphOf({"docker@1.2.0/from-oci: oci.Image -> docker.Image keepsall",
                              "skopeo@1.9.0/copy: oci.Image -> docker.Image keepsall cost=150",
                              "trivy@0.5.0/scan: oci.Image -> oci.Image grants=scan"});
  const auto found = graph->explain(asked);
  ASSERT_EQ(found->steps.size(), 2u);
  const StepReason& scan = found->steps[0];
  EXPECT_EQ(scan.plugin, "trivy");
  EXPECT_EQ(scan.version, "0.5.0");
  EXPECT_EQ(scan.grants, std::vector<std::string>{"scan"});
  EXPECT_TRUE(scan.launches);
  EXPECT_EQ(scan.whyChosen, "nothing else leads there");
  const StepReason& load = found->steps[1];
  EXPECT_EQ(load.cost, (CostVector{.hops = 1, .cost = 100}));
  EXPECT_EQ(load.runnerUp, "docker.Image ← skopeo/copy ← oci.Image ← trivy/scan (gate scan) ← oci.Image");
  EXPECT_EQ(load.whyChosen, "cost 250 against 200");
  EXPECT_EQ(found->processes, (std::vector<std::string>{"docker", "trivy"}));
  EXPECT_EQ(found->launches, std::vector<std::string>{"trivy"});
}

}  // namespace
}  // namespace cairn::graph
