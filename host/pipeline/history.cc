#include <host/pipeline/plan_maker.h>

namespace cairn::host {
namespace {

using State = wire::Record::State;

// The newest done record of a kind; none is no error.
kj::Promise<Result<std::optional<StoredRecord>>> newest(Store& store, const AppScope& app,
                                                        wire::RecordKind kind) {
  return store
      .records({.project = app.project,
                .app = app.app,
                .workspace = app.workspace,
                .kind = kind,
                .states = {State::DONE},
                .limit = 1})
      .then([](Result<std::vector<StoredRecord>> found) -> Result<std::optional<StoredRecord>> {
        auto records = CAIRN_TRY(kj::mv(found));
        if (records.empty()) return std::optional<StoredRecord>();
        return std::optional<StoredRecord>(std::move(records.front()));
      });
}

}  // namespace

kj::Promise<Result<AppHistory>> readHistory(Store& store, std::string project, std::string app,
                                            std::string workspace) {
  const AppScope scope{std::move(project), std::move(app), std::move(workspace)};
  auto history = kj::heap<AppHistory>();
  auto asked = kj::heapArrayBuilder<kj::Promise<Result<std::optional<StoredRecord>>>>(4);
  asked.add(newest(store, scope, wire::RecordKind::BUILD));
  asked.add(newest(store, scope, wire::RecordKind::ARTIFACT));
  asked.add(newest(store, scope, wire::RecordKind::DEPLOYMENT));
  asked.add(store.servingRelease(scope));
  return kj::joinPromises(asked.finish())
      .then([&store, history = kj::mv(history)](kj::Array<Result<std::optional<StoredRecord>>> found) mutable
            -> kj::Promise<Result<AppHistory>> {
        std::optional<StoredRecord>* slots[] = {&history->build, &history->artifact, &history->deployment,
                                                &history->release};
        for (std::size_t i = 0; i < found.size(); ++i) {
          if (!found[i]) return Result<AppHistory>(std::move(found[i]).error());
          *slots[i] = std::move(*found[i]);
        }
        if (!history->release) return Result<AppHistory>(std::move(*history));
        return store.record(std::string((*history->release)->getParent()))
            .then([history = kj::mv(history)](Result<StoredRecord> serving) mutable -> Result<AppHistory> {
              if (serving) history->serving = std::move(*serving);
              return std::move(*history);
            });
      });
}

}  // namespace cairn::host
