#pragma once
// Mapper steps of a run: each is run once for the same inputs, and all that want its value see the same one.

#include <host/broker/value.h>
#include <host/pipeline/journal_host.h>

#include <map>
#include <memory>
#include <string>

namespace cairn::host {

// Lives as long as the run.
class MapCache {
 public:
  // Runs the mapper `name` of `plugin`, or waits for whoever runs it already. On a fiber.
  Result<Value> map(kj::WaitScope& wait, PipelineContext& context, const LocatedPlugin& plugin,
                    const std::string& mapperId, const std::string& name, std::vector<Value> inputs,
                    JournalHost& host, const Emitter& emitter);

 private:
  struct Entry {
    kj::Maybe<kj::ForkedPromise<void>> ready;
    std::optional<Result<Value>> result;
  };
  std::map<std::string, std::shared_ptr<Entry>> entries_;
};

}  // namespace cairn::host
