#pragma once
// The engine of this machine: the pipeline, with the embedded store and plugins started here.

#include "cli/engine.h"
#include "cli/engine/opened_project.h"
#include "cli/engine/session.h"
#include "host/pipeline/reference.h"
#include "host/pipeline/run_state.h"

namespace cairn::cli {

class LocalEngine final : public Engine {
 public:
  LocalEngine(EngineOptions options, std::unique_ptr<Session> session)
      : options_(std::move(options)), session_(std::move(session)) {}

  Answer<ValidReport> validate(EventSink& sink) override;
  Answer<Owned<wire::Plan>> plan(const RunRequest& request, EventSink& sink) override;
  Answer<std::vector<GoneApp>> goneApps() override;
  Answer<RunReport> run(wire::Plan::Reader plan, EventSink& sink) override;
  Answer<RollbackCandidate> rollbackCandidate(const std::string& deployment, EventSink* sink) override;
  Answer<RunReport> rollback(const std::string& deploymentId, EventSink& sink) override;
  Answer<std::vector<RecordPtr>> destroyTargets(const DestroyRequest& request) override;
  Answer<RunReport> destroy(const DestroyRequest& request, EventSink& sink) override;
  Answer<std::vector<AppStatus>> status(EventSink& sink) override;
  Answer<std::vector<RecordPtr>> records(const RecordQuery& query) override;
  Answer<RecordDetails> record(wire::RecordKind kind, const std::string& reference) override;
  Answer<ProjectNames> projectNames() override;
  Answer<RunReport> logs(const LogsRequest& request, EventSink& sink) override;
  Answer<int> exec(const ExecRequest& request, EventSink& sink) override;
  Answer<std::vector<PluginInfo>> plugins() override;
  Answer<Mappers> mappers() override;

 private:
  // That the apps asked for are in the file or on record. Errors: unknown-app, with near names.
  Answer<void> checkApps(const OpenedProject& opened);
  // The one app that the command is about. Errors: which-app.
  Answer<std::string> oneApp(const OpenedProject& opened);
  Answer<host::AppScope> oneScope(const OpenedProject& opened);
  // What `up` just planned is not planned again when it runs.
  Answer<PreparedPlan> planFor(wire::Plan::Reader plan);
  Answer<RunReport> runPrepared(PreparedPlan& prepared, std::optional<host::StageSettings> recorded,
                                EventSink& sink);
  Answer<std::vector<host::StoredRecord>> targetsOf(const OpenedProject& opened,
                                                    const DestroyRequest& request);
  // Tells its log. True: it was followed, and another deployment serves now.
  Answer<bool> logOf(const OpenedProject& opened, const host::StoredRecord& deployment,
                     const LogsRequest& request);
  // The record of a kind with this number; with that of a deployment, the one that it was made from, or the
  // newest release of it.
  Answer<std::optional<host::StoredRecord>> numbered(const OpenedProject& opened, wire::RecordKind kind,
                                                     const host::NumberReference& number);
  Answer<host::StoredRecord> deploymentFor(const OpenedProject& opened, const std::string& reference);

  EngineOptions options_;
  std::unique_ptr<Session> session_;
  std::optional<PreparedPlan> prepared_;
};

}  // namespace cairn::cli
