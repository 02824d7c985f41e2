// The ten ways in which there is no chain, word for word.

#include "mapper-graph/graph_words.h"

#include <algorithm>

namespace cairn::graph {
namespace {

using namespace testing;
using Cause = Diagnosis::Cause;

struct Case {
  std::vector<std::string> mappers;
  Query query;
  Cause cause;
  std::string text;  // message, hint, detail
};

void expect(const Case& expected) {
  const auto graph = graphOf(expected.mappers);
  const Diagnosis diagnosis = graph->diagnose(expected.query);
  EXPECT_EQ(diagnosis.cause, expected.cause);
  const auto found = graph->derive(expected.query);
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().message + '\n' + found.error().hint + '\n' + found.error().detail, expected.text);
}

TEST(Diagnose, UnknownType) {
  expect({.mappers = {"d@1/load: oci.Image -> docker.Image", "type dokcer.Image"},
          .query = query({"oci.Image"}, "dokcer.Image"),
          .cause = Cause::UnknownType,
          .text = "nothing turns oci.Image into dokcer.Image\n"
                  "did you mean docker.Image?\n"
                  "available: oci.Image\n"
                  "similar names: docker.Image"});
}

TEST(Diagnose, NothingMakesTheWantedType) {
  expect({.mappers = {"d@1/load: oci.Image -> docker.Image"},
          .query = query({"docker.Image"}, "oci.Image"),
          .cause = Cause::NothingMakes,
          .text = "nothing turns docker.Image into oci.Image\n"
                  "no mapper makes oci.Image: add a plugin that does\n"
                  "available: docker.Image"});
}

TEST(Diagnose, NothingToUse) {
  expect({.mappers = {"d@1/load: oci.Image -> docker.Image"},
          .query = query({}, "docker.Image"),
          .cause = Cause::NothingToUse,
          .text = "there is nothing to make docker.Image from\n"
                  "give the app a stage that makes something, a build for example\n"
                  "would lead to docker.Image: oci.Image"});
}

TEST(Diagnose, MissingInputsOfTheNearestMapper) {
  Query asked = query({"BuildContext"}, "docker.Image");
  asked.available[0].label = "source of app web";
  expect(
      {.mappers = {"oci@1/pack: Dockerfile, BuildContext -> oci.Image", "d@1/load: oci.Image -> docker.Image",
                   "far@1/all: BuildContext, P, Q, R -> docker.Image"},
       .query = asked,
       .cause = Cause::MissingInputs,
       .text = "nothing turns BuildContext into docker.Image\n"
               "Dockerfile as well would close the gap\n"
               "available: BuildContext (source of app web)\n"
               "oci/pack makes oci.Image, has BuildContext, lacks Dockerfile\n"
               "far/all makes docker.Image, has BuildContext, lacks P, Q and R\n"
               "missing: Dockerfile\n"
               "would lead to docker.Image: P, Q, R, oci.Image and 1 more"});
}

TEST(Diagnose, Gap) {
  expect({.mappers = {"a@1/x: pack.Image -> pack.Tar", "d@1/load: oci.Image -> docker.Image",
                      "o@1/y: oci.Layout -> oci.Image"},
          .query = query({"pack.Image"}, "docker.Image"),
          .cause = Cause::Gap,
          .text = "nothing turns pack.Image into docker.Image\n"
                  "add a plugin with a mapper from pack.Image to oci.Image or oci.Layout\n"
                  "available: pack.Image\n"
                  "can be made: pack.Tar\n"
                  "would lead to docker.Image: oci.Image and oci.Layout"});
}

TEST(Diagnose, GapThatAnInstalledPluginWouldClose) {
  expect(
      {.mappers = {"pack@1/to-docker: pack.Image -> docker.Image off", "d@1/load: oci.Image -> docker.Image"},
       .query = query({"pack.Image"}, "docker.Image"),
       .cause = Cause::Gap,
       .text = "nothing turns pack.Image into docker.Image\n"
               "pack/to-docker would close the gap: the plugin is installed, name it under [plugins]\n"
               "available: pack.Image\n"
               "would lead to docker.Image: oci.Image\n"
               "known, but not in use: pack/to-docker"});
}

TEST(Diagnose, OnlyASideValueLeadsThere) {
  expect({.mappers = {"d@1/load: oci.Image -> docker.Image", "a@1/x: Archive -> Tree"},
          .query = query({"Archive", "side:oci.Image"}, "docker.Image"),
          .cause = Cause::SideOnly,
          .text = "nothing turns Archive into docker.Image; only a side input leads there\n"
                  "a stage's main input is the artifact: choose a component that takes Archive, or add a "
                  "mapper from it\n"
                  "available: Archive and oci.Image (side input)\n"
                  "not allowed: docker.Image ← d/load ← oci.Image"});
}

TEST(Diagnose, BlockedByForbid) {
  Query asked = query({"oci.Image"}, "docker.Image");
  asked.forbid = {{Selector::Kind::Plugin, "d"}};
  expect({.mappers = {"d@1/load: oci.Image -> docker.Image"},
          .query = asked,
          .cause = Cause::Blocked,
          .text = "[mappers] rules out every chain from oci.Image to docker.Image\n"
                  "allow d/load in [mappers], or add another way\n"
                  "available: oci.Image\n"
                  "not allowed: docker.Image ← d/load ← oci.Image\n"
                  "ruled out: d/load"});
}

TEST(Diagnose, GateThatNoChainPasses) {
  Query asked = query({"oci.Image"}, "docker.Image");
  asked.gates = {"scan"};
  expect(
      {.mappers = {"d@1/load: oci.Image -> docker.Image", "trivy@1/scan: oci.Image -> oci.Image grants=scan"},
       .query = asked,
       .cause = Cause::GateNotPassed,
       .text = "no chain from oci.Image to docker.Image passes the gate scan\n"
               "what trivy/scan let pass is rewritten later: let the mappers after it keep the gate, or "
               "declare the gate on docker.Image\n"
               "available: oci.Image\n"
               "not allowed: docker.Image ← d/load ← oci.Image\n"
               "trivy/scan makes oci.Image from oci.Image"});
}

TEST(Diagnose, GateThatNothingGrants) {
  Query asked = query({"oci.Image"}, "docker.Image");
  asked.gates = {"scan"};
  expect({.mappers = {"d@1/load: oci.Image -> docker.Image"},
          .query = asked,
          .cause = Cause::GateUnknown,
          .text = "nothing lets a value pass the gate scan on the way from oci.Image to docker.Image\n"
                  "add a plugin with such a gate, or take the gate away\n"
                  "available: oci.Image\n"
                  "not allowed: docker.Image ← d/load ← oci.Image"});
}

TEST(Diagnose, IsNeverLongerThanFifteenLines) {
  std::vector<std::string> lines;
  for (int i = 0; i < 40; ++i) {
    const std::string n = std::to_string(i);
    lines.push_back("a/r" + n + ": A -> R" + n);
    lines.push_back("a/w" + n + ": R" + n + ", W" + n + " -> Target");
  }
  const std::string detail = graphOf(lines)->derive(query({"A"}, "Target")).error().detail;
  EXPECT_LE(std::count(detail.begin(), detail.end(), '\n'), 14) << detail;
}

}  // namespace
}  // namespace cairn::graph
