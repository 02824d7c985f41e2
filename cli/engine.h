#pragma once
// What the commands ask of the house behind them: the one seam between the command line and everything that
// plans, runs and remembers. All calls block; what happens meanwhile is told to the EventSink.
//
// Mistakes that can be told before anything acts come back as a Failure. What goes wrong once a run has
// started is told as diagnostic events, and RunReport says only how it ended: a reader of the events must not
// be told twice.

#include <cairn/manifest.capnp.h>
#include <cairn/owned.h>
#include <cairn/plan.capnp.h>
#include <cairn/record.capnp.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/failure.h"
#include "cli/interrupt.h"
#include "cli/output/event_sink.h"
#include "cli/output/masker.h"
#include "host/project/settings_schema.h"

namespace cairn::cli {

template <typename T>
using Answer = Result<T, Failure>;

// What holds for all that one command does.
struct EngineOptions {
  std::string directory;                   // absolute: where to look for cairn.toml, from here upwards
  std::string workspace;                   // empty: the default one
  std::vector<std::string> apps;           // by name, in the order asked for; empty: all of the project
  std::vector<std::string> variables;      // "name=value"
  std::vector<std::string> variableFiles;  // relative to the process's folder
  std::string commandLine;                 // for records: without the values of flags that may hold secrets
  bool adopt = false;                      // use records of a project of this name from another origin
  bool verbose = false;                    // tell all reasons where there is no chain, not the nearest alone
  std::function<void(const Error&)> warn;  // may be empty: where what is worth knowing is told at once
};

struct ValidReport {
  std::string project;
  std::string file;  // the cairn.toml that was found
  std::vector<std::string> apps;
  std::vector<std::string> workspaces;  // that the file names; all were checked
  std::vector<Error> warnings;          // deprecated settings and the like
};

struct RunRequest {
  std::vector<wire::StageKind> stages;  // in order; all four for `up`
};

// How a run ended. `kind` is that of the first failure; it decides the exit code.
struct RunReport {
  wire::Event::Outcome outcome = wire::Event::Outcome::DONE;
  ErrorKind kind = ErrorKind::Failed;
};

using RecordPtr = std::unique_ptr<Owned<wire::Record>>;

struct RecordQuery {
  std::vector<wire::RecordKind> kinds;  // empty: all
  std::string commit;                   // a prefix of the commit; empty: any
  uint32_t limit = 0;                   // newest first; 0: all
  bool withDestroyed = true;
  // Reads the store and writes nothing into it: what a killed run left is told as it stands, as under way.
  bool asWritten = false;
};

struct RecordDetails {
  Owned<wire::Record> record;
  std::string valueJson;              // the record's value by its recorded schema; empty while there is none
  std::string configJson;             // its effective settings; secret ones are left out
  std::vector<std::string> children;  // ids of records made from it
};

struct AppStatus {
  std::string app;
  std::string url;                     // of the release; empty while nothing is released
  std::string servingId;               // the deployment that serves; may be empty
  std::vector<RecordPtr> deployments;  // those that exist outside, newest first; `status` is filled
  RecordPtr release;                   // the latest one that is done; may be null
  std::vector<RecordPtr>
      interrupted;  // records of any kind which a dead run left behind, or a failed one's remains
  std::vector<RecordPtr> running;  // what another run is doing now
};

// What a rollback would release, and instead of what.
struct RollbackCandidate {
  Owned<wire::Record> deployment;
  RecordPtr serving;  // may be null
};

struct DestroyRequest {
  bool project = false;    // all apps, also those that the file no longer names
  std::string deployment;  // "v3" or an id; needs just one app. Empty: whole apps
  // Of destroy(): the ids of what destroyTargets() answered. What came to be after it makes destroy() refuse.
  std::vector<std::string> agreed = {};
};

struct LogsRequest {
  std::string deployment;  // "v3" or an id; empty: what serves, else the newest
  bool follow = false;
  uint32_t tail = 0;  // 0: all
  int64_t sinceUnixMs = 0;
};

struct ExecRequest {
  std::string deployment;
  std::vector<std::string> command;
  int stdinFd = 0;
  uint16_t columns = 0;  // 0: no terminal
  uint16_t rows = 0;
  std::string term;     // the user's TERM
  int terminalFd = -1;  // whose size it is
  int resizedFd = -1;   // an eventfd that is written to when it changes; -1: it never does
};

struct PluginInfo {
  Owned<wire::Manifest> manifest;
  std::string path;          // the executable
  std::string origin;        // "built-in", "cairn.toml", "installed"
  std::string bundleDigest;  // "sha256:<hex>"
  // One for each component of the manifest, then one for each mapper, in its order; empty where there are no
  // settings.
  std::vector<std::vector<host::SettingDoc>> settings;
  std::vector<std::vector<host::SettingDoc>> fields;  // of each type of the manifest, in its order
};

// An app that the file no longer names, and of which something still stands.
struct GoneApp {
  std::string app;
  std::string workspace;
  uint32_t sequence = 0;  // of the deployment
  bool serves = false;    // false: it is only deployed
};

struct ProjectNames {
  std::vector<std::string> apps;  // of the file, and those of which something still stands
  std::vector<std::string> workspaces;
  std::vector<std::string> variables;
};

struct Mappers;  // cli/mapper_answers.h

class Engine {
 public:
  virtual ~Engine() = default;

  // Reads and checks the file and joins every chain; nothing is started once manifests are cached.
  virtual Answer<ValidReport> validate(EventSink& sink) = 0;
  virtual Answer<Owned<wire::Plan>> plan(const RunRequest& request, EventSink& sink) = 0;
  // Nothing of them is part of a plan. Empty where the command is about some apps only.
  virtual Answer<std::vector<GoneApp>> goneApps() = 0;
  // Runs exactly this plan. Errors: Refused with code "stale-plan", naming what has changed since it was
  // made.
  virtual Answer<RunReport> run(wire::Plan::Reader plan, EventSink& sink) = 0;

  // `deployment` is "v3" or an id; empty: the one before what serves. Needs just one app. `sink`: its
  // platform is asked how it is, and what hinders that is told there as a warning; null: nobody is asked.
  virtual Answer<RollbackCandidate> rollbackCandidate(const std::string& deployment, EventSink* sink) = 0;
  virtual Answer<RunReport> rollback(const std::string& deploymentId, EventSink& sink) = 0;

  // The records that destroy() would destroy, in its order; empty when there is nothing left.
  virtual Answer<std::vector<RecordPtr>> destroyTargets(const DestroyRequest& request) = 0;
  // Errors: Refused with code "stale-plan", where there is more than was agreed to.
  virtual Answer<RunReport> destroy(const DestroyRequest& request, EventSink& sink) = 0;

  // Asks the platforms; what can't be reached keeps the status last seen, with a diagnostic as warning.
  virtual Answer<std::vector<AppStatus>> status(EventSink& sink) = 0;
  virtual Answer<std::vector<RecordPtr>> records(const RecordQuery& query) = 0;
  // `reference` is a number ("3", "#3"), a deployment's ("v3": what it was made from, or its newest release),
  // an id or a unique start of one.
  virtual Answer<RecordDetails> record(wire::RecordKind kind, const std::string& reference) = 0;

  // What can be named here, also of a file with mistakes.
  virtual Answer<ProjectNames> projectNames() = 0;

  // Log lines are told as logLine events.
  virtual Answer<RunReport> logs(const LogsRequest& request, EventSink& sink) = 0;
  // The exit code of the command; its output is told as output events.
  virtual Answer<int> exec(const ExecRequest& request, EventSink& sink) = 0;

  // All that can be used here: built-in, installed, named in the cairn.toml if there is one.
  virtual Answer<std::vector<PluginInfo>> plugins() = 0;
  // The mappers that can be used here, and what the project's stages ask of them. Works without a project.
  virtual Answer<Mappers> mappers() = 0;
};

// Makes the engine of this machine. Cheap: finds no file and starts nothing. All arguments outlive it; every
// secret that it learns is added to `masker` before an event could hold it.
Answer<std::unique_ptr<Engine>> openEngine(const EngineOptions& options, const Interrupt& interrupt,
                                           Masker& masker);

}  // namespace cairn::cli
