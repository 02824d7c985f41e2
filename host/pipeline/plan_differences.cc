#include <host/broker/digest.h>
#include <host/pipeline/plan_maker.h>

#include <capnp/message.h>

#include <map>

namespace cairn::host {
namespace {

template <typename List, typename Key, typename Fact>
void compare(List then, List now, Key key, Fact fact, const std::string& what,
             std::vector<std::string>& out) {
  std::map<std::string, std::string> before;
  for (auto item : then) before.emplace(key(item), fact(item));
  for (auto item : now) {
    auto found = before.find(key(item));
    if (found == before.end()) {
      out.push_back(what + " " + key(item) + " is new");
    } else {
      if (found->second != fact(item))
        out.push_back(what + " " + key(item) + " is another one: " + found->second + " → " + fact(item));
      before.erase(found);
    }
  }
  for (const auto& [name, value] : before) out.push_back(what + " " + name + " is gone");
}

// The digest of each mapper of cairn.toml that a plan runs, by its id.
std::map<std::string, std::string> mappersOf(wire::Plan::Reader plan) {
  std::map<std::string, std::string> out;
  for (auto app : plan.getApps()) {
    for (auto stage : app.getStages()) {
      for (auto input : stage.getInputs()) {
        for (auto step : input.getSteps()) {
          auto digest = step.getDeclared().getDigest().asChars();
          if (step.hasDeclared()) out.emplace(step.getMapper(), std::string(digest.begin(), digest.size()));
        }
      }
    }
  }
  return out;
}

// One that is new or gone shows in the file; one that changed may have changed in its script alone.
void compareMappers(const std::map<std::string, std::string>& then,
                    const std::map<std::string, std::string>& now, std::vector<std::string>& out) {
  for (const auto& [mapper, digest] : then) {
    auto found = now.find(mapper);
    if (found != now.end() && found->second != digest)
      out.push_back("the mapper " + mapper + ", or what it runs or is shown, is another one");
  }
}

std::string shown(wire::Setting::Reader setting) {
  switch (setting.which()) {
    case wire::Setting::TEXT:
      return "\"" + std::string(setting.getText()) + "\"";
    case wire::Setting::INTEGER:
      return std::to_string(setting.getInteger());
    case wire::Setting::BOOL:
      return setting.getBool() ? "true" : "false";
    default:
      return "another value";
  }
}

// All that will be done: without the time, and without what is said of it for people.
kj::Array<capnp::word> essence(wire::Plan::Reader plan) {
  capnp::MallocMessageBuilder message;
  message.setRoot(plan);
  auto copy = message.getRoot<wire::Plan>();
  copy.setMadeAtUnixMs(0);
  for (auto app : copy.getApps()) {
    for (auto stage : app.getStages()) stage.disownChanged();
  }
  return capnp::canonicalize(copy.asReader());
}

}  // namespace

std::vector<std::string> planDifferences(wire::Plan::Reader then, wire::Plan::Reader now) {
  std::vector<std::string> out;
  auto text = [&](const char* what, kj::StringPtr before, kj::StringPtr after) {
    if (before != after) out.push_back(std::string(what) + ": " + before.cStr() + " → " + after.cStr());
  };
  text("git", then.getGit().getPretty(), now.getGit().getPretty());
  text("workspace", then.getWorkspace(), now.getWorkspace());
  compare(
      then.getPlugins(), now.getPlugins(), [](auto plugin) { return std::string(plugin.getName()); },
      [](auto plugin) {
        const auto digest = plugin.getBundleDigest().asChars();  // of any length: the plan may be anybody's
        return std::string(plugin.getVersion()) + " (" +
               toHex({digest.begin(), digest.size()}).substr(0, 12) + ")";
      },
      "the plugin", out);
  compare(
      then.getVariables(), now.getVariables(), [](auto variable) { return std::string(variable.getName()); },
      [](auto variable) { return variable.isSecret() ? std::string("secret") : shown(variable.getValue()); },
      "the variable", out);
  compare(
      then.getApps(), now.getApps(), [](auto app) { return std::string(app.getName()); },
      [](auto app) {
        return app.getServing().size() == 0 ? std::string("nothing serves")
                                            : "v" + std::to_string(app.getServingVersion());
      },
      "what serves of", out);
  compareMappers(mappersOf(then), mappersOf(now), out);
  if (out.empty() && then.getInputDigest() != now.getInputDigest())
    out.push_back("cairn.toml, or a variable's value");
  // What the digest can't see: somebody wrote in the plan.
  if (out.empty() && essence(then).asBytes() != essence(now).asBytes())
    out.push_back("the plan itself: from all this Cairn plans something else, in " +
                  std::string(now.getProjectPath()));
  return out;
}

}  // namespace cairn::host
