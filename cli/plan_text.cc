#include "cli/plan_text.h"

#include <algorithm>

#include "cli/gone_apps.h"
#include "cli/output/json_text.h"
#include "cli/output/story.h"
#include "cli/output/text.h"
#include "cli/record_text.h"

namespace cairn::cli {

namespace {

// "docker", or "aws/ecs" where the plugin offers several.
std::string componentText(wire::Plan::Reader plan, wire::Plan::ComponentUse::Reader use) {
  std::string name = string(use.getName());
  if (use.getPlugin() >= plan.getPlugins().size()) return name;
  std::string plugin = string(plan.getPlugins()[use.getPlugin()].getName());
  return name.empty() || name == plugin ? plugin : plugin + "/" + name;
}

Line appLine(wire::Plan::Reader plan, wire::Plan::App::Reader app, size_t width) {
  Line line("  " + string(app.getName()) + std::string(width - app.getName().size() + 2, ' '), Tone::Strong);
  bool first = true;
  for (auto stage : app.getStages()) {
    if (!first) line.add(", ", Tone::Dim);
    line.add(stageWord(stage.getKind()), Tone::Accent)
        .add(" with " + componentText(plan, stage.getComponent()));
    if (stage.getChanged().size() > 0) line.add(" (").add(view(stage.getChanged()), Tone::Warn).add(")");
    first = false;
  }
  if (first) line.add("nothing to do", Tone::Dim);
  return line;
}

// What follows the type: the mappers that lead to it ("docker.Image ← docker/… ← oci.Image" begins with the
// type itself), nothing where it comes as it is.
std::string howItComes(const std::string& type, const std::string& chain) {
  if (chain.compare(0, type.size(), type) == 0) return chain.substr(type.size());
  return ": " + (chain.empty() ? "given" : chain);
}

// What Cairn gives to every stage is told only where all is.
bool isGivenAsItIs(wire::Plan::Derivation::Reader input) {
  return input.getSteps().size() == 0 && input.getResult().isGiven();
}

void addChains(Lines& lines, wire::Plan::App::Reader app, bool verbose) {
  for (auto stage : app.getStages()) {
    for (auto input : stage.getInputs()) {
      if (!verbose && isGivenAsItIs(input)) continue;
      const std::string type = string(input.getWantedName());
      const std::string role = input.getRole().size() > 0 ? " as " + string(input.getRole()) : "";
      Line line("    ");
      line.add(std::string(stageWord(stage.getKind())) + " takes " + type + role, Tone::Dim);
      if (std::string how = howItComes(type, string(input.getText())); !how.empty()) line.add(how);
      lines.push_back(std::move(line));
    }
    for (auto label : stage.getLabels()) {
      if (!verbose) break;
      lines.push_back(
          Line("    label " + string(label.getName()) + " = " + string(label.getValue()), Tone::Dim));
    }
  }
}

std::vector<std::string> texts(capnp::List<capnp::Text>::Reader list) {
  std::vector<std::string> out;
  for (auto text : list) out.push_back(string(text));
  return out;
}

std::string stageJson(wire::Plan::Reader plan, wire::Plan::Stage::Reader stage) {
  std::string inputs;
  for (auto input : stage.getInputs()) {
    std::vector<std::string> mappers;
    for (auto step : input.getSteps()) mappers.push_back(string(step.getMapper()));
    JsonObject object;
    object.add("type", view(input.getWantedName()))
        .addJson("mappers", jsonList(mappers))
        .addJson("gates", jsonList(texts(input.getGates())))
        .add("text", view(input.getText()));
    inputs += (inputs.empty() ? "" : ",") + object.text();
  }
  return JsonObject()
      .add("stage", stageWord(stage.getKind()))
      .add("component", componentText(plan, stage.getComponent()))
      .add("changed", view(stage.getChanged()))
      .addBool("implicit", stage.getImplicit())
      .add("output", view(stage.getOutputName()))
      .addJson("inputs", "[" + inputs + "]")
      .text();
}

std::string appJson(wire::Plan::Reader plan, wire::Plan::App::Reader app) {
  std::string stages;
  for (auto stage : app.getStages()) stages += (stages.empty() ? "" : ",") + stageJson(plan, stage);
  JsonObject object;
  object.add("name", view(app.getName()))
      .addJson("needs", jsonList(texts(app.getNeeds())))
      .addJson("stages", "[" + stages + "]");
  if (app.getServing().size() > 0) object.add("serving", view(app.getServing()));
  return object.text();
}

}  // namespace

Lines planLines(wire::Plan::Reader plan, bool verbose) {
  Line title("plan of " + string(plan.getProject()), Tone::Strong);
  if (plan.getWorkspace() != "default") title.add("  workspace " + string(plan.getWorkspace()), Tone::Warn);
  if (plan.getGit().getPretty().size() > 0) title.add("  " + string(plan.getGit().getPretty()), Tone::Dim);
  Lines lines{title};
  size_t width = 0;
  for (auto app : plan.getApps()) width = std::max(width, app.getName().size());
  for (auto app : plan.getApps()) {
    lines.push_back(appLine(plan, app, width));
    addChains(lines, app, verbose);
  }
  return lines;
}

std::string planJson(wire::Plan::Reader plan, const std::vector<GoneApp>& gone) {
  std::string apps, plugins;
  for (auto app : plan.getApps()) apps += (apps.empty() ? "" : ",") + appJson(plan, app);
  for (auto plugin : plan.getPlugins()) {
    JsonObject object;
    object.add("name", view(plugin.getName())).add("version", view(plugin.getVersion()));
    plugins += (plugins.empty() ? "" : ",") + object.text();
  }
  return JsonObject()
      .add("project", view(plan.getProject()))
      .add("workspace", view(plan.getWorkspace()))
      .add("commit", view(plan.getGit().getCommit()))
      .addJson("plugins", "[" + plugins + "]")
      .addJson("apps", "[" + apps + "]")
      .addJson("gone", goneJson(gone))
      .text();
}

}  // namespace cairn::cli
