#include "host/project/gate_place.h"

#include "host/project/near_names.h"

#include <algorithm>

namespace cairn::host {
namespace {

const std::vector<std::string> kStages = {"build", "registry", "deploy", "release"};

// The stage's table; empty where there is no such stage.
std::string stageNamed(const std::string& word) {
  if (word == "push") return "registry";
  return std::find(kStages.begin(), kStages.end(), word) != kStages.end() ? word : "";
}

std::string noStage(const std::string& word) {
  std::vector<std::string> names = kStages;
  names.push_back("app");
  const std::string near = nearestName(word, names);
  return near.empty() ? "'" + word + "' is no stage"
                      : "'" + word + "' is no stage; did you mean '" + near + "'?";
}

}  // namespace

std::optional<GatePlace> parseGatePlace(const std::string& text, std::string& why) {
  const std::size_t dot = text.find('.');
  const std::string first = text.substr(0, dot);
  const std::string rest = dot == std::string::npos ? "" : text.substr(dot + 1);
  const bool endsEarly = dot != std::string::npos && rest.empty();
  GatePlace place;
  if (first != "app") {
    place.stage = stageNamed(first);
    place.component = rest;
    if (place.stage.empty()) why = noStage(first);
    if (endsEarly) why = "the component after '.' is missing";
    return why.empty() ? std::optional(std::move(place)) : std::nullopt;
  }
  const std::size_t second = rest.find('.');
  place.app = rest.substr(0, second);
  if (place.app.empty()) {
    why = "the app's name is missing: app.NAME";
  } else if (second != std::string::npos) {
    place.stage = stageNamed(rest.substr(second + 1));
    if (place.stage.empty()) why = noStage(rest.substr(second + 1));
  }
  return why.empty() ? std::optional(std::move(place)) : std::nullopt;
}

}  // namespace cairn::host
