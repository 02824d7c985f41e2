// What is on record.

#include "cli/engine/guarded.h"
#include "cli/engine/local_engine.h"
#include "cli/engine/workspaces.h"
#include "cli/record_text.h"
#include "host/pipeline/gone_apps.h"
#include "host/pipeline/recorded_call.h"
#include "host/project/git_facts.h"
#include "host/project/git_folder.h"

#include <cairn/dynamic/json.h>

#include <algorithm>

namespace cairn::cli {

namespace {

RecordPtr copy(const host::StoredRecord& record) {
  return std::make_unique<Owned<wire::Record>>(record.reader());
}

Answer<std::string> valueJson(const host::Manifest* schemas, wire::Record::Reader record,
                              wire::Value::Reader recorded) {
  if (recorded.getTypeId() == 0 || schemas == nullptr) return std::string();
  auto value = CAIRN_TRY(orFailure(host::recordedValue(record, recorded, schemas)));
  auto schema = schemas->schemas().get(value.typeId);
  if (!schema) return std::string();
  host::ValueReader reader(value);
  return toJson(reader.as(*schema), {.indent = true});
}

// A commit's hash as it is; of anything else, such as HEAD or a tag, what git says it stands for.
Answer<std::string> commitOf(const std::string& reference, const std::filesystem::path& folder) {
  const bool isHash =
      reference.size() >= 4 && reference.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (reference.empty() || isHash) return reference;
  constexpr const char* kHashes = "a hash, or at least four digits of it, does without";
  if (!host::GitFolder::find(folder)) {
    return Failure(Error{.kind = ErrorKind::Config,
                         .code = "unknown-commit",
                         .message = "\"" + reference + "\" is a name for git to look up, and " +
                                    folder.string() + " is in no git checkout",
                         .hint = kHashes});
  }
  host::SpawnGitRunner git;
  auto answer = git.run(folder, {"-c", "safe.directory=*", "rev-parse", "--verify", "--quiet",
                                 "--end-of-options", reference + "^{commit}"});
  if (!answer) {
    return Failure(Error{.kind = ErrorKind::Unavailable,
                         .code = "git-missing",
                         .message = "\"" + reference + "\" is a name for git to look up, and the program " +
                                    "`git` was not found",
                         .hint = std::string("install git; ") + kHashes});
  }
  if (answer->exitCode != 0) {
    return Failure(
        Error{.kind = ErrorKind::Config,
              .code = "unknown-commit",
              .message = "git knows no commit \"" + reference + "\" here",
              .hint = "give a hash, or at least four digits of it, or a branch or tag of this checkout"});
  }
  return answer->out.substr(0, answer->out.find_first_of("\r\n"));
}

}  // namespace

Answer<std::vector<GoneApp>> LocalEngine::goneApps() {
  return guarded<std::vector<GoneApp>>([&]() -> Answer<std::vector<GoneApp>> {
    std::vector<GoneApp> out;
    if (!options_.apps.empty()) return out;
    session_->beQuiet();
    OpenedProject opened = CAIRN_TRY(openProject(options_));
    auto found =
        CAIRN_TRY(orFailure(host::findGoneApps(session_->wait(), session_->context().store, opened.project)));
    for (auto& gone : found)
      out.push_back({std::move(gone.app), opened.project.workspace, gone.sequence, gone.serves});
    return out;
  });
}

Answer<ProjectNames> LocalEngine::projectNames() {
  return guarded<ProjectNames>([&]() -> Answer<ProjectNames> {
    session_->beQuiet();
    OpenedProject opened = CAIRN_TRY(openFaulty(options_));
    const host::Project& project = opened.project;
    ProjectNames names;
    for (const auto& app : project.apps) names.apps.push_back(app.name);
    for (const auto& variable : project.variables) names.variables.push_back(variable.name);
    if (auto gone = host::findGoneApps(session_->wait(), session_->context().store, project)) {
      for (const auto& one : *gone) names.apps.push_back(one.app);
    }
    auto known = knownWorkspaces(*session_, project);
    names.workspaces = known ? std::move(*known) : project.workspaces;
    const std::string usual(host::kDefaultWorkspace);
    if (std::find(names.workspaces.begin(), names.workspaces.end(), usual) == names.workspaces.end())
      names.workspaces.push_back(usual);
    return names;
  });
}

Answer<std::vector<RecordPtr>> LocalEngine::records(const RecordQuery& query) {
  return guarded<std::vector<RecordPtr>>([&]() -> Answer<std::vector<RecordPtr>> {
    session_->beQuiet();
    OpenedProject opened = CAIRN_TRY(openForRecords(*session_, options_));
    CAIRN_TRY(checkApps(opened));
    if (!query.asWritten)
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

Answer<std::optional<host::StoredRecord>> LocalEngine::numbered(const OpenedProject& opened,
                                                                wire::RecordKind kind,
                                                                const host::NumberReference& number) {
  auto& store = session_->context().store;
  auto scope = CAIRN_TRY(oneScope(opened));
  auto find = [&](wire::RecordKind of) -> Answer<std::optional<host::StoredRecord>> {
    auto records = CAIRN_TRY(orFailure(store
                                           .records({.project = scope.project,
                                                     .app = scope.app,
                                                     .workspace = scope.workspace,
                                                     .kind = of,
                                                     .sequence = number.sequence})
                                           .wait(session_->wait())));
    if (records.empty()) return std::optional<host::StoredRecord>();
    return std::optional(std::move(records.front()));
  };
  if (!number.isVersion || kind == wire::RecordKind::DEPLOYMENT) return find(kind);
  auto found = CAIRN_TRY(find(wire::RecordKind::DEPLOYMENT));
  if (found && kind == wire::RecordKind::RELEASE) {
    auto releases = CAIRN_TRY(
        orFailure(store.records({.kind = kind, .parent = std::string((*found)->getId()), .limit = 1})
                      .wait(session_->wait())));
    if (releases.empty()) return std::optional<host::StoredRecord>();
    return std::optional(std::move(releases.front()));
  }
  while (found && (*found)->getKind() != kind && (*found)->getParent().size() > 0)
    found = CAIRN_TRY(orFailure(store.record(std::string((*found)->getParent())).wait(session_->wait())));
  return found;
}

Answer<RecordDetails> LocalEngine::record(wire::RecordKind kind, const std::string& reference) {
  return guarded<RecordDetails>([&]() -> Answer<RecordDetails> {
    session_->beQuiet();
    auto& store = session_->context().store;
    OpenedProject opened = CAIRN_TRY(openForRecords(*session_, options_));
    std::optional<host::StoredRecord> found;
    if (auto number = host::readNumber(reference)) {
      found = CAIRN_TRY(numbered(opened, kind, *number));
    } else {
      found = CAIRN_TRY(orFailure(store.record(reference).wait(session_->wait())));
    }
    if (!found || (*found)->getKind() != kind) {
      return Failure(
          Error{.kind = ErrorKind::NotFound,
                .code = "record-not-found",
                .message = "there is no such " + std::string(kindWord(kind)) + ": \"" + reference + "\"",
                .hint = "`cairn " + std::string(kindWord(kind)) + " list --all` shows what there is"});
    }
    auto schemas = CAIRN_TRY(orFailure(host::recordedSchemas(store, found->reader()).wait(session_->wait())));
    auto record = found->reader();
    auto value = CAIRN_TRY(valueJson(schemas.get(), record, record.getValue()));
    auto config = CAIRN_TRY(valueJson(schemas.get(), record, record.getConfig()));
    RecordDetails details{Owned<wire::Record>(record), std::move(value), std::move(config), {}};
    for (const auto& child : CAIRN_TRY(orFailure(
             store.records({.parent = std::string(found->reader().getId())}).wait(session_->wait())))) {
      details.children.emplace_back(child->getId().cStr());
    }
    return details;
  });
}

}  // namespace cairn::cli
