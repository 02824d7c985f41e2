#include "host/pipeline/stage_query.h"

namespace cairn::host {

graph::Query queryFor(const ChainEnd& end, wire::Manifest::Input::Reader input, const StageFlow& flow) {
  graph::Query query;
  query.wanted = input.getType();
  query.endpoints = {end.plugin};
  if (flow.type != 0) query.available.push_back({flow.type, flow.label, true, {}, {}});
  for (auto given : {wire::Given::SOURCE_TREE, wire::Given::LABELS, wire::Given::DEPLOYMENT_CONFIG}) {
    query.available.push_back({givenType(given), "given by cairn", false, {}, {}});
  }
  // What the host gives is asked for as it is; everything else must come from the artifact, once there is
  // one.
  query.fromMain = !isGiven(query.wanted) && flow.type != 0;
  return query;
}

}  // namespace cairn::host
