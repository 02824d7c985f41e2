#pragma once
// Mapper steps of a run: each is run once for the same inputs, and all that want its value see the same one.

#include <host/broker/value.h>

#include <kj/async.h>
#include <kj/function.h>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace cairn::host {

// Lives as long as the run: what one run made, or was refused, says nothing to the next.
class MapCache {
 public:
  // Calls `make`, or waits for whoever makes the value of this key already. On a fiber. A failure is kept
  // too: effects are not repeated.
  Result<Value> once(kj::WaitScope& wait, const std::string& key, kj::FunctionParam<Result<Value>()> make);

 private:
  struct Entry {
    kj::Maybe<kj::ForkedPromise<void>> ready;
    std::optional<Result<Value>> result;
  };
  std::map<std::string, std::shared_ptr<Entry>> entries_;
};

}  // namespace cairn::host
