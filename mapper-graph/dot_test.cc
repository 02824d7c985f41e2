#include "mapper-graph/graph_words.h"

#include <algorithm>

namespace cairn::graph {
namespace {

using namespace testing;

std::shared_ptr<const MapperGraph> imageGraph() {
  return graphOf({"docker@1.2.0/from-oci: oci.Image -> docker.Image",
                  "skopeo@1.9.0/export: oci.Image -> tar.Archive lossy",
                  "skopeo@1.9.0/load: tar.Archive -> docker.Image",
                  "old@1/load: tar.Archive -> docker.Image off",
                  "trivy@0.5.0/scan: oci.Image -> oci.Image grants=security",
                  "sign@1/join: oci.Image, signature=oci.Signature -> oci.Signed"});
}

// The line of the picture that holds these words.
std::string lineWith(const std::string& dot, const std::string& words) {
  const std::size_t at = dot.find(words);
  if (at == std::string::npos) return {};
  const std::size_t start = dot.rfind('\n', at) + 1;
  return dot.substr(start, dot.find('\n', at) - start);
}

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

TEST(ToDot, GroupsTypesByTheirNamespace) {
  const std::string dot = imageGraph()->toDot();
  EXPECT_TRUE(has(dot, "subgraph \"cluster_oci\"")) << dot;
  EXPECT_FALSE(has(dot, "cluster_docker")) << "one type alone is no group";
  EXPECT_TRUE(has(dot, "label=\"docker.Image\""));
}

TEST(ToDot, MarksGatesLossAndWhatIsNotInUse) {
  const std::string dot = imageGraph()->toDot();
  EXPECT_TRUE(has(lineWith(dot, "trivy/scan"), "shape=octagon")) << dot;
  EXPECT_TRUE(has(lineWith(dot, "trivy/scan"), "gate security"));
  EXPECT_TRUE(has(lineWith(dot, "skopeo/export"), "style=dashed"));
  EXPECT_TRUE(has(lineWith(dot, "old/load"), "style=dotted"));
  EXPECT_TRUE(has(dot, "shape=point")) << "two inputs meet in a dot";
  EXPECT_TRUE(has(lineWith(dot, "\" signature \""), "arrowhead=none"));
}

TEST(ToDot, ChainsStandOutInColoursThatTheLegendNames) {
  const auto graph = imageGraph();
  Picture picture;
  picture.chains = {{"web deploy", *graph->derive(query({"oci.Image"}, "docker.Image"))},
                    {"jobs & more", *graph->derive(query({"tar.Archive"}, "docker.Image"))}};
  const std::string dot = graph->toDot(picture);
  EXPECT_TRUE(has(lineWith(dot, "docker/from-oci"), "color=\"#0b62d6\", penwidth=2.6")) << dot;
  EXPECT_TRUE(has(lineWith(dot, "skopeo/load"), "color=\"#d4410b\", penwidth=2.6")) << dot;
  EXPECT_FALSE(has(lineWith(dot, "skopeo/export"), "penwidth"));
  EXPECT_TRUE(has(lineWith(dot, "label=\"docker.Image\""), "peripheries=2"));
  EXPECT_TRUE(has(dot, "#0b62d6\"><b>━━━</b></font>  web deploy")) << dot;
  EXPECT_TRUE(has(dot, "jobs &amp; more"));
}

TEST(ToDot, AMapperOfTwoChainsHasBothColours) {
  const auto graph = imageGraph();
  const Derivation chain = *graph->derive(query({"oci.Image"}, "docker.Image"));
  Picture picture;
  picture.chains = {{"a", chain}, {"b", chain}};
  EXPECT_TRUE(has(lineWith(graph->toDot(picture), "docker/from-oci"), "color=\"#0b62d6:#d4410b\""));
}

TEST(ToDot, MayShowChainsOnly) {
  const auto graph = imageGraph();
  Picture picture;
  picture.chains = {{"a", *graph->derive(query({"oci.Image"}, "docker.Image"))}};
  picture.chainsOnly = true;
  const std::string dot = graph->toDot(picture);
  EXPECT_TRUE(has(dot, "docker/from-oci"));
  EXPECT_FALSE(has(dot, "tar.Archive"));
}

TEST(ToDot, QuotesWhatNamesHold) {
  const std::string dot = graphOf({"a/<x>: Say\"hi\\ -> B"})->toDot();
  EXPECT_TRUE(has(dot, R"(label="Say\"hi\\")")) << dot;
  EXPECT_TRUE(has(dot, "a/&lt;x&gt;"));
}

}  // namespace
}  // namespace cairn::graph
