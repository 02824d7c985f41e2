#pragma once
// Gates that stand before a whole app, `gate = ["app.web"]`: before which of its stages they are demanded.
//
// A gate looks at one type and each stage takes another, so that none could be passed before all of them. It
// is demanded before each stage into which a chain through it could lead by the types alone: what [mappers]
// says opens no gate.

#include <host/pipeline/type_graph.h>

#include <map>
#include <string>
#include <vector>

namespace cairn::host {

// The gates of each app that has some, with an app's place put as the stages that it means. Also those stages
// that nobody can tell about, because the app doesn't have them or they have mistakes: what is on record of
// them has passed the gate or goes nowhere. A gate that no stage can be behind is `closed` and keeps its
// place.
//
// `types` are the project's, with the gates as the file has them.
std::map<std::string, std::vector<AppGate>> settleGatesOfApps(const Project& project,
                                                              const PluginSet& plugins,
                                                              const TypeGraphs& types);

// What refuses an app that has a closed gate: gate-not-passed.
Error closedGate(const AppGate& gate, const App& app);

}  // namespace cairn::host
