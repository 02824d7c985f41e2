#pragma once
// What a mapper of cairn.toml does, to tell whether it is still the same one: a gate that changed was not
// passed.
//
// It counts what the declaration says, with its expressions worked out; the content of each file that a word
// of its command names, behind links too; what the command is shown of the environment; and the plugin that a
// gate uses. It doesn't count what goes through it: ${input.…}, outputs of stages, ${git.…}; where the
// project lies; and the values of secrets, which are nowhere written down, not even as a digest.

#include <host/pipeline/type_graph.h>
#include <host/project/scope.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cairn::host {

struct MapperEssence {
  std::string said;                          // SHA-256 of all that is not in a file
  std::vector<std::filesystem::path> files;  // what the words of its command name; need not exist
};

// SHA-256, with the files as they are now.
std::string digestOf(const MapperEssence& essence);

using GateCommands = std::map<std::string, MapperEssence>;  // by digest

// Those of one plan. The files of a project are read once for all its apps.
class MapperEssences {
 public:
  // Both outlive it.
  MapperEssences(const Project& project, const PluginSet& plugins) : project_(project), plugins_(plugins) {}

  // The digest of a declared mapper, as `scope` sees it.
  std::string digest(const MapperHome& home, const Scope& scope);

  // Of the gates among them that run a command: what has to be the same when it is run.
  GateCommands takeGateCommands() { return std::move(gateCommands_); }

 private:
  MapperEssence essenceOf(const MapperHome& home, const Scope& scope) const;

  const Project& project_;
  const PluginSet& plugins_;
  std::map<std::filesystem::path, std::string> read_;
  GateCommands gateCommands_;
};

}  // namespace cairn::host
