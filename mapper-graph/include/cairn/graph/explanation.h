#pragma once
// Answers to "why": why this chain and not another, and why there is none.

#include <cairn/graph/derivation.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace cairn::graph {

// Another chain that would have done, and why it was not taken.
struct Alternative {
  Derivation derivation;
  std::string chain;        // in one line
  std::string whyNot;       // "2 hops against 1"
  std::string withoutStep;  // id of the chosen chain's mapper that it does without
};

// One step of the chosen chain, and why it is this one.
struct StepReason {
  std::string mapper;  // the id, as in Step
  std::string plugin;
  std::string version;              // of the plugin; empty where the id has none
  CostVector cost;                  // of this step alone
  std::vector<std::string> grants;  // gates that the query asks for and this step passes
  bool launches = false;            // its plugin is neither endpoint's
  std::string runnerUp;   // the best chain without this mapper, in one line; empty where there is none
  std::string whyChosen;  // "2 hops against 1"; "nothing else leads there"; empty for steps not looked into
};

struct Explanation {
  Derivation chosen;
  std::vector<StepReason> steps;  // one for each of chosen.steps, in their order
  std::string chain;  // "docker.Image ← docker/from-oci ← oci.Image ← project/scan (gate scan) ← oci.Image"
  std::vector<Alternative> alternatives;  // the best first, at most three
  std::vector<std::string> processes;     // plugins that run for the chain, sorted
  std::vector<std::string> launches;      // those of them that are neither endpoint's
  std::string text;                       // all of it, for a terminal
};

// How much is told of why there is no chain: what comes nearest, or all of it, which takes longer.
enum class Reasons { Nearest, All };

// Why no chain leads to the wanted type. Names are those of types, ids those of mappers.
struct Diagnosis {
  enum class Cause {
    UnknownType,    // no mapper makes the wanted type, and none takes it
    NothingMakes,   // no mapper makes the wanted type
    NothingToUse,   // there is no available value
    MissingInputs,  // mappers lack inputs: `missing` would be enough
    Gap,            // nothing that is reached leads towards the wanted type
    SideOnly,       // only side values lead there, the main value does not
    Blocked,        // a chain exists but a pin or a forbid is in its way
    GateNotPassed,  // chains exist, but none passes the gates
    GateUnknown,    // no mapper grants a gate that is demanded
    TooManyGates,   // more gates than kMaxGates
  };
  struct Need {
    std::string mapper;
    std::string output;
    std::vector<std::string> has;
    std::vector<std::string> lacks;
  };

  Cause cause = Cause::Gap;
  std::string wanted;
  std::vector<std::string> from;       // types of the main values
  std::vector<std::string> available;  // all values: "docker.Image (artifact of app web)"
  std::vector<std::string> missing;    // the smallest set of types that would close the gap, sorted
  std::vector<Need> nearest;          // mappers that have some but not all of their inputs, the nearest first
  std::vector<std::string> reached;   // types that can be made, the nearest to the available values first
  std::vector<std::string> wouldDo;   // types that lead to the wanted one, the nearest to it first
  std::vector<std::string> closedBy;  // mappers known but not in use that would close the gap
  std::vector<std::string> blocked;   // ids kept out by a pin or a forbid on the way that exists without them
  std::vector<std::string> gatesMissing;  // gates that no chain passes
  std::string lostAfter;  // GateNotPassed: a mapper that grants one, whose output is rewritten later
  std::vector<std::string> nearNames;  // names so like the wanted one that a slip is likely
  std::string chain;                   // Blocked, SideOnly, GateNotPassed: the way that is not allowed

  // How many there are: with Reasons::Nearest the lists hold the first few of them.
  Reasons reasons = Reasons::Nearest;
  std::size_t nearestCount = 0;
  std::size_t reachedCount = 0;
  std::size_t wouldDoCount = 0;

  std::string message() const;  // one sentence
  std::string hint() const;     // what to do
  std::string detail() const;   // about fifteen lines at most; with Reasons::All as many as it takes
};

}  // namespace cairn::graph
