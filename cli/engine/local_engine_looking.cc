// What only looks: status, records, logs, exec, plugins.

#include "cli/engine/local_engine.h"

#include "cli/engine/guarded.h"
#include "cli/engine/user_input.h"
#include "host/broker/digest.h"
#include "host/pipeline/recorded_call.h"
#include "host/pipeline/rollback.h"
#include "host/pipeline/status.h"
#include "host/project/git_facts.h"

#include <cairn/dynamic/json.h>

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

std::string valueJson(const host::Manifest* schemas, wire::Value::Reader recorded) {
  if (recorded.getTypeId() == 0 || schemas == nullptr) return {};
  auto value = host::readValue(recorded);
  if (!value) return {};
  auto schema = schemas->schemas().get(value->typeId);
  if (!schema) return {};
  host::ValueReader reader(*value);
  return toJson(reader.as(*schema), {.indent = true});
}

// A commit's hash as it is; of anything else, such as HEAD or a tag, what git says it stands for.
Answer<std::string> commitOf(const std::string& reference, const std::filesystem::path& folder) {
  const bool isHash =
      reference.size() >= 4 && reference.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (reference.empty() || isHash) return reference;
  host::SpawnGitRunner git;
  auto answer =
      git.run(folder, {"rev-parse", "--verify", "--quiet", "--end-of-options", reference + "^{commit}"});
  if (!answer || answer->exitCode != 0) {
    return Failure(
        Error{.kind = ErrorKind::Config,
              .code = "unknown-commit",
              .message = "git knows no commit \"" + reference + "\" here",
              .hint = "give a hash, or at least four digits of it, or a branch or tag of this checkout"});
  }
  return answer->out.substr(0, answer->out.find_first_of("\r\n"));
}

bool isNewer(const host::StoredRecord& a, const host::StoredRecord& b) {
  return a->getStartedUnixMs() > b->getStartedUnixMs();
}

std::vector<std::vector<host::SettingDoc>> settingsOf(const host::Manifest& manifest) {
  std::vector<std::vector<host::SettingDoc>> out;
  auto describe = [&](std::uint64_t type) {
    std::vector<host::SettingDoc> docs;
    if (type != 0) {
      if (auto schema = manifest.schemas().get(type)) docs = host::describeSettings(*schema);
    }
    out.push_back(std::move(docs));
  };
  for (auto component : manifest.reader().getComponents()) describe(component.getSettingsType());
  for (auto mapper : manifest.reader().getMappers()) describe(mapper.getSettingsType());
  return out;
}

}  // namespace

Answer<std::vector<AppStatus>> LocalEngine::status(EventSink& sink) {
  return guarded<std::vector<AppStatus>>([&]() -> Answer<std::vector<AppStatus>> {
    session_->tell(sink);
    OpenedProject opened = CAIRN_TRY(openForRecords(*session_, options_));
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

Answer<std::vector<RecordPtr>> LocalEngine::records(const RecordQuery& query) {
  return guarded<std::vector<RecordPtr>>([&]() -> Answer<std::vector<RecordPtr>> {
    session_->beQuiet();
    OpenedProject opened = CAIRN_TRY(openForRecords(*session_, options_));
    CAIRN_TRY(checkApps(opened));
    (void)session_->context().store.recoverInterrupted(opened.project.name).wait(session_->wait());
    host::RecordFilter filter{.project = opened.project.name,
                              .workspace = opened.project.workspace,
                              .commitPrefix = CAIRN_TRY(commitOf(query.commit, opened.project.root))};
    if (options_.apps.size() == 1) filter.app = options_.apps[0];
    if (query.kinds.size() == 1) filter.kind = query.kinds[0];
    auto records =
        CAIRN_TRY(orFailure(session_->context().store.records(std::move(filter)).wait(session_->wait())));
    std::vector<RecordPtr> out;
    for (const auto& record : records) {
      const bool askedKind = query.kinds.empty() || std::find(query.kinds.begin(), query.kinds.end(),
                                                              record->getKind()) != query.kinds.end();
      const bool askedApp = options_.apps.empty() ||
                            std::find(options_.apps.begin(), options_.apps.end(), record->getApp().cStr()) !=
                                options_.apps.end();
      if (!askedKind || !askedApp ||
          (!query.withDestroyed && record->getState() == wire::Record::State::DESTROYED))
        continue;
      if (query.limit != 0 && out.size() == query.limit) break;
      out.push_back(copy(record));
    }
    return out;
  });
}

Answer<RecordDetails> LocalEngine::record(wire::RecordKind kind, const std::string& reference) {
  return guarded<RecordDetails>([&]() -> Answer<RecordDetails> {
    session_->beQuiet();
    auto& store = session_->context().store;
    OpenedProject opened = CAIRN_TRY(openForRecords(*session_, options_));
    const std::string digits = !reference.empty() && reference[0] == 'v' ? reference.substr(1) : reference;
    const bool bySequence =
        !digits.empty() && digits.size() < 9 && digits.find_first_not_of("0123456789") == std::string::npos;
    std::optional<host::StoredRecord> found;
    if (bySequence) {
      auto scope = CAIRN_TRY(oneScope(opened));
      auto records =
          CAIRN_TRY(orFailure(store
                                  .records({.project = scope.project,
                                            .app = scope.app,
                                            .workspace = scope.workspace,
                                            .kind = kind,
                                            .sequence = static_cast<std::uint32_t>(std::stoul(digits))})
                                  .wait(session_->wait())));
      if (!records.empty()) found = std::move(records.front());
    } else {
      found = CAIRN_TRY(orFailure(store.record(reference).wait(session_->wait())));
    }
    if (!found || (*found)->getKind() != kind) {
      return Failure(Error{.kind = ErrorKind::NotFound,
                           .code = "record-not-found",
                           .message = "there is no such record: \"" + reference + "\"",
                           .hint = "the list command shows what there is"});
    }
    auto schemas = CAIRN_TRY(orFailure(host::recordedSchemas(store, found->reader()).wait(session_->wait())));
    RecordDetails details{Owned<wire::Record>(found->reader()),
                          valueJson(schemas.get(), found->reader().getValue()),
                          valueJson(schemas.get(), found->reader().getConfig()),
                          {}};
    for (const auto& child : CAIRN_TRY(orFailure(
             store.records({.parent = std::string(found->reader().getId())}).wait(session_->wait())))) {
      details.children.emplace_back(child->getId().cStr());
    }
    return details;
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
                     settingsOf(*plugin.manifest)});
    }
    return out;
  });
}

}  // namespace cairn::cli
