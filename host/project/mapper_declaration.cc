#include "host/project/mapper_declaration.h"

#include <algorithm>

namespace cairn::host {

bool GatePlace::covers(std::string_view ofApp, std::string_view ofStage, std::string_view use) const {
  if (!app.empty() && app != ofApp) return false;
  if (!stage.empty() && stage != ofStage) return false;
  if (component.empty() || component == use) return true;
  return use.size() > component.size() && use.starts_with(component) && use[component.size()] == '/';
}

std::string GatePlace::text() const {
  std::string out = app.empty() ? "" : "app." + app;
  for (const std::string& part : {stage, component}) {
    if (part.empty()) continue;
    if (!out.empty()) out += '.';
    out += part;
  }
  return out;
}

bool MapperDeclaration::isSwitchedOff() const {
  return saysGate && gate.empty() && inputs.size() == 1 && inputs[0].type == output.type;
}

bool MapperDeclaration::isFor(std::string_view wanted) const {
  if (isSwitchedOff()) return false;
  if (!app.empty()) return app == wanted;
  if (std::find(hiddenIn.begin(), hiddenIn.end(), wanted) != hiddenIn.end()) return false;
  return apps.empty() || std::find(apps.begin(), apps.end(), wanted) != apps.end();
}

std::string MapperDeclaration::id() const {
  return "project/" + (app.empty() ? name : app + "." + name);
}

std::string MapperDeclaration::path() const {
  return (app.empty() ? "mapper." : "app." + app + ".mapper.") + name;
}

}  // namespace cairn::host
