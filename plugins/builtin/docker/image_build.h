#pragma once
// One build in the engine: a context goes in, an image comes out.

#include "build_context.h"
#include "engine.h"

#include <cairn/call.h>

namespace cairn::plugins::docker {

struct BuildRequest {
  std::string tag;
  std::string target;
  std::string platform;
  std::vector<std::pair<std::string, std::string>> args;
  std::vector<std::pair<std::string, std::string>> labels;
  bool noCache = false;
  bool pull = false;
  bool quiet = false;  // an image of the plugin's own: its steps are nobody's business
};

// Shows each of the Dockerfile's steps and its output, unless quiet; answers the image's id.
//
// Errors: Failed "docker/build-failed", with the end of the build's output as detail.
Result<std::string> buildImage(const Call& call, const Engine& engine, const BuildContext& context,
                               const BuildRequest& request);

}  // namespace cairn::plugins::docker
