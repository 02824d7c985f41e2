#include "host/pipeline/mapping.h"

namespace cairn::host {
namespace {

Error brokeOff() {
  return Error{ErrorKind::Internal,
               "internal",
               "a mapper whose value is wanted here broke off where it was called first",
               "what went wrong is told there",
               {}};
}

}  // namespace

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
  // Also where `make` throws, which is its caller's affair: those who wait must not wait for ever.
  KJ_DEFER({
    if (!entry->result) entry->result = brokeOff();
    done.fulfiller->fulfill();
  });
  entry->result = make();
  return *entry->result;
}

}  // namespace cairn::host
