// What only looks: status, exec, plugins.

#include "cli/engine/local_engine.h"

#include "cli/engine/guarded.h"
#include "cli/engine/user_input.h"
#include "host/broker/call_answer.h"
#include "host/broker/digest.h"
#include "host/pipeline/recorded_call.h"
#include "host/pipeline/rollback.h"
#include "host/pipeline/status.h"

#include <algorithm>

namespace cairn::cli {

namespace {

RecordPtr copy(const host::StoredRecord& record) {
  return std::make_unique<Owned<wire::Record>>(record.reader());
}

std::vector<RecordPtr> copies(const std::vector<host::StoredRecord>& records) {
  std::vector<RecordPtr> out;
  for (const auto& record : records) out.push_back(copy(record));
  return out;
}

AppStatus asStatus(const host::AppCondition& condition) {
  AppStatus status;
  status.app = condition.app;
  status.servingId = condition.servingId;
  status.deployments = copies(condition.deployments);
  status.interrupted = copies(condition.interrupted);
  status.running = copies(condition.running);
  if (condition.release) {
    status.release = copy(*condition.release);
    status.url = (*condition.release)->getUrl().cStr();
  }
  return status;
}

bool isNewer(const host::StoredRecord& a, const host::StoredRecord& b) {
  return a->getStartedUnixMs() > b->getStartedUnixMs();
}

std::vector<host::SettingDoc> describe(const host::Manifest& manifest, std::uint64_t type) {
  if (type == 0) return {};
  auto schema = manifest.schemas().get(type);
  return schema ? host::describeSettings(*schema) : std::vector<host::SettingDoc>();
}

std::vector<std::vector<host::SettingDoc>> settingsOf(const host::Manifest& manifest) {
  std::vector<std::vector<host::SettingDoc>> out;
  for (auto component : manifest.reader().getComponents())
    out.push_back(describe(manifest, component.getSettingsType()));
  for (auto mapper : manifest.reader().getMappers())
    out.push_back(describe(manifest, mapper.getSettingsType()));
  return out;
}

std::vector<std::vector<host::SettingDoc>> fieldsOf(const host::Manifest& manifest) {
  std::vector<std::vector<host::SettingDoc>> out;
  for (auto type : manifest.reader().getTypes()) out.push_back(describe(manifest, type.getId()));
  return out;
}

}  // namespace

Answer<std::vector<AppStatus>> LocalEngine::status(EventSink& sink) {
  return guarded<std::vector<AppStatus>>([&]() -> Answer<std::vector<AppStatus>> {
    session_->tell(sink);
    OpenedProject opened = CAIRN_TRY(openForRecords(*session_, options_));
    maskKnownSecrets(*session_, options_, opened.project);
    CAIRN_TRY(checkApps(opened));
    std::vector<std::string> apps = options_.apps;
    if (apps.empty()) {
      for (const auto& app : opened.project.apps) apps.push_back(app.name);
    }
    auto conditions = CAIRN_TRY(orFailure(
        host::readStatus(session_->wait(), session_->context(), opened.catalog, session_->newRun(),
                         opened.project.name, opened.project.workspace, apps, !options_.apps.empty())));
    std::vector<AppStatus> out;
    for (const auto& condition : conditions) out.push_back(asStatus(condition));
    return out;
  });
}

Answer<host::StoredRecord> LocalEngine::deploymentFor(const OpenedProject& opened,
                                                      const std::string& reference) {
  auto& store = session_->context().store;
  auto scope = CAIRN_TRY(oneScope(opened));
  if (!reference.empty()) return orFailure(host::findDeployment(session_->wait(), store, scope, reference));
  auto release = CAIRN_TRY(orFailure(store.servingRelease(scope).wait(session_->wait())));
  if (release) return orFailure(store.record(std::string((*release)->getParent())).wait(session_->wait()));
  auto deployments = CAIRN_TRY(orFailure(store
                                             .records({.project = scope.project,
                                                       .app = scope.app,
                                                       .workspace = scope.workspace,
                                                       .kind = wire::RecordKind::DEPLOYMENT,
                                                       .states = {wire::Record::State::DONE}})
                                             .wait(session_->wait())));
  if (deployments.empty()) {
    return Failure(
        Error{.kind = ErrorKind::NotFound,
              .code = "nothing-serves",
              .message = "nothing of " + scope.app + " is deployed in the workspace " + scope.workspace,
              .hint = "run `cairn up`"});
  }
  return std::move(*std::min_element(deployments.begin(), deployments.end(), isNewer));
}

Answer<int> LocalEngine::exec(const ExecRequest& request, EventSink& sink) {
  return guarded<int>([&]() -> Answer<int> {
    session_->tell(sink);
    OpenedProject opened = CAIRN_TRY(openForRecords(*session_, options_));
    auto deployment = CAIRN_TRY(deploymentFor(opened, request.deployment));
    auto plugin = CAIRN_TRY(
        orFailure(host::locateRecorded(session_->context().broker, opened.catalog, deployment->getPlugin())
                      .wait(session_->wait())));
    auto input = openUserInput(request.stdinFd, session_->io());
    host::RecordedCallExtras extras;
    extras.arguments = request.command;
    extras.input = *input;
    extras.columns = request.columns;
    extras.rows = request.rows;
    extras.term = request.term;
    if (request.resizedFd >= 0)
      extras.resized = terminalSizes(request.terminalFd, request.resizedFd, session_->io());
    auto emitter =
        session_->newRun().forApp(deployment->getApp().cStr()).forStage("exec", plugin.bundle.name);
    auto answer =
        host::callRecorded(session_->wait(), session_->context(), emitter, plugin, deployment.reader(),
                           wire::Manifest::Operation::Name::EXEC, kj::mv(extras));
    if (!answer) return Failure(std::move(answer).error());
    CAIRN_TRY(orFailure(host::checkStandardAnswer(answer->value, capnp::Schema::from<wire::ExecResult>(),
                                                  "cairn.ExecResult", plugin.bundle.name, "exec")));
    host::ValueReader value(answer->value);
    return value.as<wire::ExecResult>().getExitCode();
  });
}

Answer<std::vector<PluginInfo>> LocalEngine::plugins() {
  return guarded<std::vector<PluginInfo>>([&]() -> Answer<std::vector<PluginInfo>> {
    session_->beQuiet();
    std::vector<std::string> ours;
    host::PluginCatalog catalog({host::PluginCatalog::builtinFolder()}, {});
    if (auto opened = openFaulty(options_)) {
      catalog = opened->catalog;
      for (const auto& plugin : opened->project.plugins) ours.push_back(plugin.name);
    } else if (opened.error().errors.front().code != "no-project") {
      return std::move(opened).error();
    }
    auto set = host::PluginSet::open(session_->context().broker, catalog).wait(session_->wait());
    std::vector<PluginInfo> out;
    for (const auto& plugin : set.plugins()) {
      const bool declared = std::find(ours.begin(), ours.end(), plugin.bundle.name) != ours.end();
      out.push_back({Owned<wire::Manifest>(plugin.manifest->reader()), plugin.bundle.executable.string(),
                     declared ? "cairn.toml" : "built-in", "sha256:" + host::toHex(plugin.digest),
                     settingsOf(*plugin.manifest), fieldsOf(*plugin.manifest)});
    }
    return out;
  });
}

}  // namespace cairn::cli
