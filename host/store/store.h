#pragma once
// What has been done and what may exist because of it: projects, runs, records and the journal of outside
// things.
//
// Every method may be called from the thread that made the store, any number at a time; they take effect in
// the order of the calls. A method copies its arguments before it returns. Dropping a promise does not undo
// the call. Where the store is a file, errors of every method are: store-read-only, store-full,
// store-corrupt, store-too-new, store-busy, state-folder; nothing is ever half written.

#include <cairn/base/result.h>
#include <cairn/record.capnp.h>
#include <host/store/actor.h>
#include <host/store/lock.h>
#include <host/store/stored_record.h>

#include <kj/async.h>

#include <optional>
#include <string>
#include <vector>

namespace cairn::host {

struct KnownProject {
  std::string name;
  std::string origin;  // where it was first used from: git remote, else the folder
  int64_t firstUsedUnixMs = 0;
};

enum class RunOutcome { Running, Done, Failed, Cancelled, Interrupted };

struct Run {
  std::string id;  // newId()
  std::string project;
  std::string workspace;
  Actor actor;
  int64_t startedUnixMs = 0;
  int64_t finishedUnixMs = 0;                // 0: has not
  RunOutcome outcome = RunOutcome::Running;  // Interrupted as soon as its process is gone, recovered or not
};

struct RecordFilter {  // an empty part says nothing
  std::string project;
  std::string app;
  std::string workspace;
  std::optional<wire::RecordKind> kind;
  std::vector<wire::Record::State> states;
  std::string commitPrefix;  // of the git commit's hash
  std::string parent;
  std::string runId;  // the run that made it
  uint32_t sequence = 0;
  uint32_t limit = 0;  // 0: all
};

// What an intended thing belongs to, besides its record.
struct PluginIdentity {
  std::string name;
  std::string version;
  std::string bundleDigest;  // hexadecimal
  std::string path;          // the executable
};

struct Resource {
  uint64_t handle = 0;
  std::string recordId;
  std::string kind;
  std::string name;
  std::string id;  // empty: intended only; it may or may not exist
  std::string state;
  PluginIdentity plugin;
  int64_t intendedUnixMs = 0;
  int64_t createdUnixMs = 0;  // 0: intended only
};

struct ResourceFilter {  // an empty part says nothing
  std::string recordId;
  std::string project;
  std::string app;
  std::string workspace;
  std::optional<wire::RecordKind> kind;  // of the record
};

class Store {
 public:
  virtual ~Store() noexcept(false) = default;

  // -- Projects

  // Says that `name` is used from `origin`; the first use settles it.
  //
  // Errors: other-origin (Refused), unless `adopt`, which makes `origin` the project's own from now on.
  virtual kj::Promise<Result<void>> useProject(std::string name, std::string origin, bool adopt) = 0;
  // The same question without any effect, for a plan. A project that nobody has used yet passes.
  virtual kj::Promise<Result<void>> checkProject(std::string name, std::string origin) = 0;
  virtual kj::Promise<Result<std::vector<KnownProject>>> projects() = 0;

  // -- Runs

  virtual kj::Promise<Result<void>> beginRun(Run run) = 0;
  virtual kj::Promise<Result<void>> finishRun(std::string id, RunOutcome outcome) = 0;
  // Newest first; limit 0: all.
  virtual kj::Promise<Result<std::vector<Run>>> runs(std::string project, uint32_t limit) = 0;

  // -- Records

  // Writes down what is about to be done, durably, before it is. The record comes with its id, scope, kind,
  // runId and whatever is known; the store gives it the next sequence of its (project, app, workspace, kind),
  // state `running`, and, if it has none, a start time.
  virtual kj::Promise<Result<StoredRecord>> beginRecord(wire::Record::Reader record) = 0;
  // Replaces a record, durably. Id, scope, kind and sequence stay what they were. `byRun` is who changes it:
  // a record left `running` or `destroying` counts as interrupted once that run's process is gone; empty: as
  // before.
  //
  // Errors: record-not-found.
  virtual kj::Promise<Result<void>> updateRecord(wire::Record::Reader record, std::string byRun) = 0;
  // Sets `status` and its time alone, so that it can't undo what a run writes meanwhile.
  //
  // Errors: record-not-found.
  virtual kj::Promise<Result<void>> noteStatus(std::string id, wire::Status::Reader status,
                                               int64_t unixMs) = 0;
  // By its id or the beginning of it (four characters at least).
  //
  // Errors: record-not-found; record-ambiguous, with the candidates in `detail`.
  virtual kj::Promise<Result<StoredRecord>> record(std::string idOrPrefix) = 0;
  // Newest first.
  virtual kj::Promise<Result<std::vector<StoredRecord>>> records(RecordFilter filter) = 0;
  // The newest release that is done and not destroyed.
  virtual kj::Promise<Result<std::optional<StoredRecord>>> servingRelease(AppScope scope) = 0;
  // Turns records of `project` (empty: of all) in state `running` or `destroying` whose run's process is gone
  // into `interrupted`, with `stateText` telling how far they had come, and finishes their runs as
  // Interrupted. Returns the records that it changed.
  virtual kj::Promise<Result<std::vector<StoredRecord>>> recoverInterrupted(std::string project) = 0;

  // -- Journal: what exists, or may exist, outside because of a record

  // Durable before it resolves. Asked again for the same record, kind and name, it answers the same handle,
  // unless that was removed. One without a plugin is the host's own note, which no plugin is shown.
  //
  // Errors: record-not-found.
  virtual kj::Promise<Result<uint64_t>> intendResource(std::string recordId, std::string kind,
                                                       std::string name, PluginIdentity plugin) = 0;
  // Durable. May be called again to change id or state.
  //
  // Errors: resource-not-found, for these two.
  virtual kj::Promise<Result<void>> resourceCreated(uint64_t handle, std::string id, std::string state) = 0;
  virtual kj::Promise<Result<void>> resourceRemoved(uint64_t handle) = 0;
  // All that were not removed, oldest first.
  virtual kj::Promise<Result<std::vector<Resource>>> resources(ResourceFilter filter) = 0;

  // -- Schemas: what makes a value readable after its plugin has gone

  // `digest` is the SHA-256 that records name. One that is there already stays as it is.
  virtual kj::Promise<Result<void>> putSchema(capnp::Data::Reader digest, capnp::Data::Reader nodes) = 0;
  // Empty where there is none.
  virtual kj::Promise<Result<std::optional<kj::Array<kj::byte>>>> schema(capnp::Data::Reader digest) = 0;
};

}  // namespace cairn::host
