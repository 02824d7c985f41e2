#include "host/pipeline/gone_apps.h"

#include <map>

namespace cairn::host {
namespace {

// The newest deployment of each app that the file doesn't name.
Result<std::map<std::string, StoredRecord>> deployedElsewhere(kj::WaitScope& wait, Store& store,
                                                              const Project& project) {
  auto records = CAIRN_TRY(store
                               .records({.project = project.name,
                                         .workspace = project.workspace,
                                         .kind = wire::RecordKind::DEPLOYMENT,
                                         .states = {wire::Record::State::DONE}})
                               .wait(wait));
  std::map<std::string, StoredRecord> out;
  for (auto& record : records) {  // newest first
    std::string app = record->getApp();
    if (project.app(app) == nullptr) out.try_emplace(std::move(app), std::move(record));
  }
  return out;
}

}  // namespace

Result<std::vector<GoneApp>> findGoneApps(kj::WaitScope& wait, Store& store, const Project& project) {
  auto deployed = CAIRN_TRY(deployedElsewhere(wait, store, project));
  std::vector<GoneApp> out;
  for (const auto& [app, newest] : deployed) {
    GoneApp gone{app, newest->getSequence()};
    auto release = CAIRN_TRY(store.servingRelease({project.name, app, project.workspace}).wait(wait));
    if (release) {
      auto serving = CAIRN_TRY(store.record(std::string((*release)->getParent())).wait(wait));
      gone.sequence = serving->getSequence();
      gone.serves = true;
    }
    out.push_back(std::move(gone));
  }
  return out;
}

}  // namespace cairn::host
