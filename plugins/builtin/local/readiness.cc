#include "readiness.h"

#include "ports.h"
#include "process_facts.h"

#include <algorithm>

namespace cairn::plugins::local {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kOneProbe{5000};
constexpr milliseconds kLook{20};  // how often to look whether the app has ended

// Whether the port belongs to somebody else than the app, as far as /proc tells.
bool isStrangers(std::uint16_t port, int supervisor) {
  const auto holder = findPortHolder(port);
  return holder && !descendsFrom(holder->pid, supervisor);
}

class Waiting {
 public:
  Waiting(const Call& call, const AppFolder& folder, int supervisor, wire::Probe::Reader probe,
          std::uint16_t port)
      : call_(call),
        folder_(folder),
        supervisor_(supervisor),
        probe_(probe),
        port_(port),
        start_(Clock::now()),
        end_(start_ + milliseconds(probe.getTimeoutMs())) {}

  Waited run() {
    while (!call_.cancelled()) {
      if (auto ended = howItEnded()) return *ended;
      settle();
      if (Clock::now() >= nextProbe_ && probePasses()) return afterPass();
      if (Clock::now() >= end_) return timedOut();
      call_.sleep(kLook);
    }
    return {Readiness::Cancelled, {}};
  }

 private:
  // Counts from when the app runs: its supervisor may take a while to start it.
  void settle() {
    if (listens(probe_) || settling_ || !runs()) return;
    settling_ = true;
    end_ = Clock::now() + milliseconds(probe_.getSettleMs());
  }

  bool runs() const {
    const auto state = folder_.lastState();
    return state && state->state == "running";
  }

  std::optional<Waited> howItEnded() const {
    // Asked first: once the supervisor is gone, its state file is final.
    const bool supervised = processFacts(supervisor_).has_value();
    const auto state = folder_.lastState();
    if (supervised && !(state && state->everEnded())) return std::nullopt;
    if (!state || !state->everEnded())
      return Waited{Readiness::Exited, "was not started, or its supervisor was ended"};
    // Two took the port at once: the app lost.
    if (isStrangers(port_, supervisor_)) return Waited{Readiness::Stranger, {}};
    return Waited{Readiness::Exited, state->howItEnded()};
  }

  bool probePasses() {
    if (!listens(probe_)) return false;
    const auto left = std::chrono::ceil<milliseconds>(end_ - Clock::now());
    const ProbeResult result =
        probeOnce(probeTarget(probe_, port_), std::clamp(left, milliseconds(1), kOneProbe), call_.cancelFd());
    reason_ = result.reason;
    answered_ = result.answered;
    nextProbe_ = Clock::now() + milliseconds(probe_.getIntervalMs());
    return result.ready;
  }

  Waited afterPass() const {
    if (isStrangers(port_, supervisor_)) return {Readiness::Stranger, {}};
    if (auto ended = howItEnded()) return *ended;
    return {Readiness::Ready, {}};
  }

  Waited timedOut() const {
    if (listens(probe_)) return {Readiness::TimedOut, reason_, answered_};
    return runs() ? Waited{} : Waited{Readiness::Exited, "was not started"};
  }

  const Call& call_;
  const AppFolder& folder_;
  const int supervisor_;
  const wire::Probe::Reader probe_;
  const std::uint16_t port_;
  const Clock::time_point start_;
  Clock::time_point end_;
  Clock::time_point nextProbe_ = start_;
  std::string reason_;
  bool answered_ = false;
  bool settling_ = false;
};

}  // namespace

bool listens(wire::Probe::Reader probe) {
  return probe.getKind() != wire::Probe::Kind::NONE;
}

ProbeTarget probeTarget(wire::Probe::Reader probe, std::uint16_t port) {
  const std::string path = probe.getPath();
  switch (probe.getKind()) {
    case wire::Probe::Kind::TCP:
      return {port, {}};
    case wire::Probe::Kind::HTTP:
      return {port, path.empty() ? "/" : path};
    default:
      return {port, path};
  }
}

Waited waitUntilReady(const Call& call, const AppFolder& folder, int supervisor, wire::Probe::Reader probe,
                      std::uint16_t port) {
  return Waiting(call, folder, supervisor, probe, port).run();
}

}  // namespace cairn::plugins::local
