#pragma once
// What all apps and stages of one run share.

#include <host/broker/catalog.h>
#include <host/pipeline/context.h>
#include <host/pipeline/emitter.h>
#include <host/pipeline/mapper_essence.h>
#include <host/pipeline/other_chain.h>
#include <host/pipeline/type_schemas.h>
#include <host/project/variables.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cairn::host {

// A planned stage's settings as the component's struct.
struct StageSettings {
  Value value;                      // as the plugin gets it; empty where the component takes none
  Value recorded;                   // without secrets
  std::vector<std::string> secret;  // dotted paths
  std::vector<std::string> unknown;
};

// Lives as long as the run.
struct RunState {
  PipelineContext& context;
  Emitter emitter;
  std::string id;
  wire::Plan::Reader plan;
  std::vector<LocatedPlugin> plugins;  // in the order of plan.plugins
  Variables secrets;                   // looked up for this run; never written
  // A rollback's: the serving release's recorded settings stand for those of the plan's only stage.
  std::optional<StageSettings> recordedSettings;
  std::shared_ptr<const TypeSchemas> schemas;
  ChainQuestions questions;                // that the plan's chains answer
  GateCommands gateCommands;               // that the plan was made with
  PluginCatalog catalog;                   // that finds plugins of older records
  std::set<std::string> schemasKept = {};  // digests of those that the store was given
};

struct PassedGate {
  std::string name;
  std::string digest;  // of its declaration
  wire::StageKind stage = wire::StageKind::BUILD;
};

// What a value handed from stage to stage carries along.
struct StageOutput {
  Value value;
  std::string recordId;
  std::uint32_t sequence = 0;
  std::string url;
  std::shared_ptr<const Manifest> manifest;  // whose schemas read it
  std::vector<PassedGate> gates;             // on the way to it, from the first stage on
};

}  // namespace cairn::host
