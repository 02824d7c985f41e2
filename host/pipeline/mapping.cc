#include "host/pipeline/mapping.h"

namespace cairn::host {

Result<Value> MapCache::once(kj::WaitScope& wait, const std::string& key,
                             kj::FunctionParam<Result<Value>()> make) {
  auto& slot = entries_[key];
  if (slot) {
    auto entry = slot;
    if (!entry->result) {
      KJ_IF_MAYBE (ready, entry->ready) ready->addBranch().wait(wait);
    }
    return *entry->result;
  }
  auto entry = slot = std::make_shared<Entry>();
  auto done = kj::newPromiseAndFulfiller<void>();
  entry->ready = done.promise.fork();
  KJ_DEFER(done.fulfiller->fulfill());
  entry->result = make();
  return *entry->result;
}

}  // namespace cairn::host
