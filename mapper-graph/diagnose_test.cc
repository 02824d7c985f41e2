// The ten ways in which there is no chain, word for word: each a file in testdata/diagnosis with message,
// hint and detail, which CAIRN_RECORD=1 writes.

#include "mapper-graph/graph_words.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace cairn::graph {
namespace {

using namespace testing;
using Cause = Diagnosis::Cause;

std::string told(const std::string& name, const std::string& text) {
  const std::string file = CAIRN_SOURCE_ROOT "/mapper-graph/testdata/diagnosis/" + name + ".txt";
  if (std::getenv("CAIRN_RECORD") != nullptr) std::ofstream(file) << text;
  std::ifstream in(file);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void expect(const std::string& name, Cause cause, const std::vector<std::string>& mappers, const Query& asked,
            Reasons reasons = Reasons::Nearest) {
  const auto graph = graphOf(mappers);
  EXPECT_EQ(graph->diagnose(asked, reasons).cause, cause);
  const auto found = graph->derive(asked, reasons);
  ASSERT_FALSE(found.has_value());
  const Error& error = found.error();
  const std::string text = error.message + '\n' + error.hint + '\n' + error.detail + '\n';
  EXPECT_EQ(text, told(name, text));
}

TEST(Diagnose, UnknownType) {
  expect("unknown-type", Cause::UnknownType, {"d@1/load: oci.Image -> docker.Image", "type dokcer.Image"},
         query({"oci.Image"}, "dokcer.Image"));
}

TEST(Diagnose, NothingMakesTheWantedType) {
  expect("nothing-makes", Cause::NothingMakes, {"d@1/load: oci.Image -> docker.Image"},
         query({"docker.Image"}, "oci.Image"));
}

TEST(Diagnose, NothingToUse) {
  expect("nothing-to-use", Cause::NothingToUse, {"d@1/load: oci.Image -> docker.Image"},
         query({}, "docker.Image"));
}

TEST(Diagnose, MissingInputsOfTheNearestMapper) {
  Query asked = query({"BuildContext"}, "docker.Image");
  asked.available[0].label = "source of app web";
  expect("missing-inputs", Cause::MissingInputs,
         {"oci@1/pack: Dockerfile, BuildContext -> oci.Image", "d@1/load: oci.Image -> docker.Image",
          "far@1/all: BuildContext, P, Q, R -> docker.Image"},
         asked);
}

TEST(Diagnose, Gap) {
  expect("gap", Cause::Gap,
         {"a@1/x: pack.Image -> pack.Tar", "d@1/load: oci.Image -> docker.Image",
          "o@1/y: oci.Layout -> oci.Image"},
         query({"pack.Image"}, "docker.Image"));
}

TEST(Diagnose, GapThatAnInstalledPluginWouldClose) {
  expect("gap-an-unused-plugin-closes", Cause::Gap,
         {"pack@1/to-docker: pack.Image -> docker.Image off", "d@1/load: oci.Image -> docker.Image"},
         query({"pack.Image"}, "docker.Image"));
}

TEST(Diagnose, OnlyASideValueLeadsThere) {
  expect("side-only", Cause::SideOnly, {"d@1/load: oci.Image -> docker.Image", "a@1/x: Archive -> Tree"},
         query({"Archive", "side:oci.Image"}, "docker.Image"));
}

TEST(Diagnose, BlockedByForbid) {
  Query asked = query({"oci.Image"}, "docker.Image");
  asked.forbid = {{Selector::Kind::Plugin, "d"}};
  expect("blocked", Cause::Blocked, {"d@1/load: oci.Image -> docker.Image"}, asked);
}

TEST(Diagnose, GateThatNoChainPasses) {
  Query asked = query({"oci.Image"}, "docker.Image");
  asked.gates = {"scan"};
  expect("gate-not-passed", Cause::GateNotPassed,
         {"d@1/load: oci.Image -> docker.Image", "trivy@1/scan: oci.Image -> oci.Image grants=scan"}, asked);
}

TEST(Diagnose, GateThatNothingGrants) {
  Query asked = query({"oci.Image"}, "docker.Image");
  asked.gates = {"scan"};
  expect("gate-unknown", Cause::GateUnknown, {"d@1/load: oci.Image -> docker.Image"}, asked);
}

TEST(Diagnose, TooManyGates) {
  Query asked = query({"oci.Image"}, "docker.Image");
  for (std::size_t i = 0; i <= kMaxGates; ++i) asked.gates.push_back("gate" + std::to_string(i));
  expect("too-many-gates", Cause::TooManyGates, {"d@1/load: oci.Image -> docker.Image"}, asked);
}

// Forty ways that lack an input each.
std::vector<std::string> manyWays() {
  std::vector<std::string> lines;
  for (int i = 10; i < 50; ++i) {
    const std::string n = std::to_string(i);
    lines.push_back("a/r" + n + ": A -> R" + n);
    lines.push_back("a/w" + n + ": R" + n + ", W" + n + " -> Target");
  }
  return lines;
}

TEST(Diagnose, TellsTheNearestOfManyAndHowManyThereAre) {
  expect("many", Cause::MissingInputs, manyWays(), query({"A"}, "Target"));
}

TEST(Diagnose, TellsAllThatThereIsWhenAskedFor) {
  expect("many-all", Cause::MissingInputs, manyWays(), query({"A"}, "Target"), Reasons::All);
}

TEST(Diagnose, IsNeverLongerThanFifteenLines) {
  const std::string detail = graphOf(manyWays())->derive(query({"A"}, "Target")).error().detail;
  EXPECT_LE(std::count(detail.begin(), detail.end(), '\n'), 14) << detail;
}

TEST(Diagnose, NamesTheNearestOfManyTypes) {
  std::vector<std::string> lines;
  for (int i = 9; i > 0; --i) {
    const std::string n = std::to_string(i);
    lines.push_back("a/r" + n + ": A -> Made" + n);
    lines.push_back("a/f" + n + ": Made" + n + " -> FarMade" + n);
    lines.push_back("a/w" + n + ": Near" + n + " -> Target");
    lines.push_back("a/v" + n + ": Farther" + n + " -> Near" + n);
  }
  const Diagnosis diagnosis = graphOf(lines)->diagnose(query({"A"}, "Target"));
  EXPECT_EQ(diagnosis.reached, (std::vector<std::string>{"Made1", "Made2", "Made3", "Made4", "Made5"}));
  EXPECT_EQ(diagnosis.wouldDo, (std::vector<std::string>{"Near1", "Near2", "Near3", "Near4", "Near5"}));
}

// So many that the search asks at some point whether the wanted type can be made at all.
TEST(Diagnose, WhatIsMissingBehindTenThousandStepsIsFound) {
  std::vector<std::string> lines{"m/last: T10000, Missing -> Wanted"};
  for (int i = 0; i < 10'000; ++i) {
    lines.push_back("m/" + std::to_string(i) + ": T" + std::to_string(i) + " -> T" + std::to_string(i + 1));
  }
  const Diagnosis diagnosis = graphOf(lines)->diagnose(query({"T0"}, "Wanted"));
  EXPECT_EQ(diagnosis.cause, Cause::MissingInputs);
  EXPECT_EQ(diagnosis.missing, (std::vector<std::string>{"Missing"}));
}

}  // namespace
}  // namespace cairn::graph
