#include "host/store/sqlite_store.h"

#include "host/store/id.h"
#include "host/store/record_table.h"
#include "host/store/recovery.h"
#include "host/store/resource_table.h"
#include "host/store/run_table.h"
#include "host/store/store_thread.h"

#include <cairn/owned.h>

namespace cairn::host {
namespace {

using kj::Promise;

kj::Array<kj::byte> copyOf(kj::ArrayPtr<const kj::byte> bytes) {
  return kj::heapArray(bytes);
}

Result<StoredRecord> beginRecordIn(Database& database, wire::Record::Reader given, int64_t nowMs) {
  Owned<wire::Record> record(given);
  record->setSequence(CAIRN_TRY(nextSequence(database, given)));
  record->setState(wire::Record::State::RUNNING);
  if (record->getStartedUnixMs() == 0) record->setStartedUnixMs(nowMs);
  StoredRecord out(record.reader());
  CAIRN_TRY(insertRecord(database, out));
  return out;
}

Result<void> updateRecordIn(Database& database, wire::Record::Reader given, const std::string& byRun) {
  StoredRecord before = CAIRN_TRY(readRecord(database, given.getId().cStr()));
  Owned<wire::Record> record(given);
  record->setKind(before->getKind());
  record->setProject(before->getProject());
  record->setApp(before->getApp());
  record->setWorkspace(before->getWorkspace());
  record->setSequence(before->getSequence());
  return replaceRecord(database, StoredRecord(record.reader()), byRun);
}

Result<void> noteStatusIn(Database& database, const std::string& id, wire::Status::Reader status,
                          int64_t unixMs) {
  StoredRecord before = CAIRN_TRY(readRecord(database, id));
  Owned<wire::Record> record(before.reader());
  record->setStatus(status);
  record->setStatusUnixMs(unixMs);
  return replaceRecord(database, StoredRecord(record.reader()), "");
}

Result<std::vector<KnownProject>> projectsIn(Database& database) {
  Statement rows = database.prepare("SELECT name, origin, first_used FROM project ORDER BY name");
  std::vector<KnownProject> out;
  while (CAIRN_TRY(rows.step())) out.push_back({rows.text(0), rows.text(1), rows.integer(2)});
  return out;
}

Result<std::vector<Run>> runsIn(Database& database, const std::string& project, uint32_t limit) {
  auto out = CAIRN_TRY(listRuns(database, project, limit));
  for (Run& run : out) {
    bool gone = run.finishedUnixMs == 0 && livenessOf(run.actor) == Liveness::Gone;
    if (gone) run.outcome = RunOutcome::Interrupted;
  }
  return out;
}

Result<std::optional<StoredRecord>> servingReleaseIn(Database& database, const AppScope& scope) {
  auto newest = CAIRN_TRY(listRecords(database, {.project = scope.project,
                                                 .app = scope.app,
                                                 .workspace = scope.workspace,
                                                 .kind = wire::RecordKind::RELEASE,
                                                 .states = {wire::Record::State::DONE},
                                                 .limit = 1}));
  if (newest.empty()) return std::optional<StoredRecord>();
  return std::optional<StoredRecord>(std::move(newest.front()));
}

Result<std::optional<kj::Array<kj::byte>>> schemaIn(Database& database, kj::ArrayPtr<const kj::byte> digest) {
  Statement found = database.prepare("SELECT nodes FROM schema WHERE digest = ?");
  found.bindBytes(digest);
  if (!CAIRN_TRY(found.step())) return std::optional<kj::Array<kj::byte>>();
  return std::optional<kj::Array<kj::byte>>(found.bytes(0));
}

// Each method hands its copies of the arguments to the store's thread.
class SqliteStore final : public Store {
 public:
  SqliteStore(SqliteStoreOptions options, const kj::Clock& clock)
      : lockFolder_(options.lockFolder), clock_(clock), thread_(std::move(options), clock) {}

  Promise<Result<void>> useProject(std::string name, std::string origin, bool adopt) override {
    auto use = [this, name = std::move(name), origin = std::move(origin),
                adopt](Database& database) -> Result<void> {
      auto known = checkOrigin(database, name, origin);
      if (!known && !(adopt && known.error().code == "other-origin")) return std::move(known).error();
      if (known && *known) return {};
      return setOrigin(database, name, origin, nowMs());
    };
    return thread_.run<void>(Effect::Write, std::move(use));
  }

  Promise<Result<void>> checkProject(std::string name, std::string origin) override {
    auto check = [name = std::move(name), origin = std::move(origin)](Database& database) -> Result<void> {
      CAIRN_TRY(checkOrigin(database, name, origin));
      return {};
    };
    return thread_.run<void>(Effect::Read, std::move(check));
  }

  Promise<Result<std::vector<KnownProject>>> projects() override {
    return thread_.run<std::vector<KnownProject>>(Effect::Read, projectsIn);
  }

  Promise<Result<void>> beginRun(Run run) override {
    return thread_.run<void>(Effect::Write,
                             [run = std::move(run)](Database& database) { return insertRun(database, run); });
  }

  Promise<Result<void>> finishRun(std::string id, RunOutcome outcome) override {
    return thread_.run<void>(Effect::Write, [this, id = std::move(id), outcome](Database& database) {
      return host::finishRun(database, id, outcome, nowMs());
    });
  }

  Promise<Result<std::vector<Run>>> runs(std::string project, uint32_t limit) override {
    return thread_.run<std::vector<Run>>(Effect::Read,
                                         [project = std::move(project), limit](Database& database) {
                                           return runsIn(database, project, limit);
                                         });
  }

  Promise<Result<StoredRecord>> beginRecord(wire::Record::Reader record) override {
    return thread_.run<StoredRecord>(Effect::DurableWrite,
                                     [this, given = StoredRecord(record)](Database& database) {
                                       return beginRecordIn(database, given.reader(), nowMs());
                                     });
  }

  Promise<Result<void>> updateRecord(wire::Record::Reader record, std::string byRun) override {
    return thread_.run<void>(Effect::DurableWrite,
                             [given = StoredRecord(record), byRun = std::move(byRun)](Database& database) {
                               return updateRecordIn(database, given.reader(), byRun);
                             });
  }

  Promise<Result<void>> noteStatus(std::string id, wire::Status::Reader status, int64_t unixMs) override {
    return thread_.run<void>(
        Effect::Write, [id = std::move(id), given = Owned<wire::Status>(status), unixMs](Database& database) {
          return noteStatusIn(database, id, given.reader(), unixMs);
        });
  }

  Promise<Result<StoredRecord>> record(std::string idOrPrefix) override {
    return thread_.run<StoredRecord>(Effect::Read, [id = std::move(idOrPrefix)](Database& database) {
      return readRecordByPrefix(database, id);
    });
  }

  Promise<Result<std::vector<StoredRecord>>> records(RecordFilter filter) override {
    return thread_.run<std::vector<StoredRecord>>(
        Effect::Read,
        [filter = std::move(filter)](Database& database) { return listRecords(database, filter); });
  }

  Promise<Result<std::optional<StoredRecord>>> servingRelease(AppScope scope) override {
    return thread_.run<std::optional<StoredRecord>>(
        Effect::Read,
        [scope = std::move(scope)](Database& database) { return servingReleaseIn(database, scope); });
  }

  Promise<Result<std::vector<StoredRecord>>> recoverInterrupted(std::string project) override {
    return thread_.run<std::vector<StoredRecord>>(
        Effect::DurableWrite, [this, project = std::move(project)](Database& database) {
          return host::recoverInterrupted(database, project, lockFolder_, nowMs());
        });
  }

  Promise<Result<uint64_t>> intendResource(std::string recordId, std::string kind, std::string name,
                                           PluginIdentity plugin) override {
    auto intend = [this, recordId = std::move(recordId), kind = std::move(kind), name = std::move(name),
                   plugin = std::move(plugin)](Database& database) {
      return host::intendResource(database, recordId, kind, name, plugin, nowMs());
    };
    return thread_.run<uint64_t>(Effect::DurableWrite, std::move(intend));
  }

  Promise<Result<void>> resourceCreated(uint64_t handle, std::string id, std::string state) override {
    auto create = [this, handle, id = std::move(id), state = std::move(state)](Database& database) {
      return markCreated(database, handle, id, state, nowMs());
    };
    return thread_.run<void>(Effect::DurableWrite, std::move(create));
  }

  Promise<Result<void>> resourceRemoved(uint64_t handle) override {
    return thread_.run<void>(Effect::DurableWrite, [this, handle](Database& database) {
      return markRemoved(database, handle, nowMs());
    });
  }

  Promise<Result<std::vector<Resource>>> resources(ResourceFilter filter) override {
    return thread_.run<std::vector<Resource>>(Effect::Read, [filter = std::move(filter)](Database& database) {
      return listResources(database, filter);
    });
  }

  Promise<Result<void>> putSchema(capnp::Data::Reader digest, capnp::Data::Reader nodes) override {
    return thread_.run<void>(Effect::Write,
                             [digest = copyOf(digest), nodes = copyOf(nodes)](Database& database) {
                               return database.prepare("INSERT OR IGNORE INTO schema VALUES (?, ?)")
                                   .bindBytes(digest)
                                   .bindBytes(nodes)
                                   .run();
                             });
  }

  Promise<Result<std::optional<kj::Array<kj::byte>>>> schema(capnp::Data::Reader digest) override {
    return thread_.run<std::optional<kj::Array<kj::byte>>>(
        Effect::Read, [digest = copyOf(digest)](Database& database) { return schemaIn(database, digest); });
  }

 private:
  int64_t nowMs() const { return unixMs(clock_.now()); }

  const std::string lockFolder_;
  const kj::Clock& clock_;
  StoreThread thread_;  // last: it works on what is above until it ends
};

}  // namespace

kj::Own<Store> openSqliteStore(SqliteStoreOptions options, const kj::Clock& clock) {
  return kj::heap<SqliteStore>(std::move(options), clock);
}

}  // namespace cairn::host
