#pragma once
// What a plugin may reach during one call, as the broker needs it. The pipeline implements it.

#include <cairn/base/result.h>
#include <cairn/event.capnp.h>

#include <kj/async.h>
#include <kj/function.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::host {

struct JournalEntry {
  std::uint64_t handle = 0;
  std::string recordId;
  std::string kind;
  std::string name;
  std::string id;  // empty: intended only
  std::string state;
};

struct TerminalSize {
  std::uint16_t columns = 0;
  std::uint16_t rows = 0;
};

// Lives longer than the call. All methods are called on the host's loop thread.
class CallHost {
 public:
  virtual ~CallHost() noexcept(false) = default;

  // Something happened; `fill` sets the event's union, the rest (time, run, app, stage, plugin) is the
  // host's.
  virtual void emit(kj::FunctionParam<void(wire::Event::Builder)> fill) = 0;

  // The journal. intend() resolves once it is on disk, under the record of recordId().
  virtual std::string recordId() const = 0;
  virtual kj::Promise<Result<std::uint64_t>> intend(std::string kind, std::string name) = 0;
  virtual kj::Promise<Result<void>> created(std::uint64_t handle, std::string id, std::string state) = 0;
  virtual kj::Promise<Result<void>> removed(std::uint64_t handle) = 0;
  virtual kj::Promise<Result<std::vector<JournalEntry>>> resources() = 0;

  virtual Result<std::optional<std::string>> secret(const std::string& name) = 0;
  // The user's stdin; empty is its end. Only an exec has one.
  virtual kj::Promise<kj::Array<kj::byte>> readInput(std::uint32_t maxBytes) = 0;
  // The user's terminal has another size. Never where there is none.
  virtual kj::Promise<TerminalSize> resized() { return kj::NEVER_DONE; }
};

}  // namespace cairn::host
