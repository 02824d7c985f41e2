#include "sdk/src/call_channel.h"

#include <cairn/call.h>

#include <exception>
#include <thread>

namespace cairn {

using detail::HostSide;
using detail::toText;

struct Step::State {
  std::shared_ptr<detail::CallChannel> channel;
  std::uint64_t id = 0;
  int exceptions = std::uncaught_exceptions();
  bool ended = false;
  std::chrono::steady_clock::time_point lastProgress{};

  // Runs `use(step, host)` on the loop where the step is still open.
  template <typename Use>
  void withStep(Use use) {
    (void)channel->onLoop([&](HostSide& host) {
      if (auto step = host.findStep(id)) use(*step, host);
    });
  }
  void end(bool ok, std::string_view title) {
    if (ended) return;
    ended = true;
    (void)channel->onLoop([&](HostSide& host) { host.endStep(id, ok, toText(title)); });
  }
  void leave() {
    if (ended) return;
    if (std::uncaught_exceptions() > exceptions) return end(false, {});
    (void)channel->onLoop(
        [&, thread = std::this_thread::get_id()](HostSide& host) { host.leaveStep(id, thread); });
  }
};

Step Call::step(std::string_view title) const {
  auto state = std::make_unique<Step::State>();
  state->channel = channel_;
  state->id = channel_->nextStep++;
  (void)channel_->onLoop([&, id = state->id, thread = std::this_thread::get_id()](HostSide& host) {
    host.endStepsLeftBy(thread);
    host.openStep(id, toText(title));
  });
  return Step(std::move(state));
}

Step::Step(std::unique_ptr<State> state) : state_(std::move(state)) {}
Step::Step(Step&&) noexcept = default;

Step::~Step() {
  if (state_) state_->leave();
}

void Step::update(std::string_view title) {
  state_->withStep([&](wire::Step::Client& step, HostSide& host) {
    auto request = step.updateRequest();
    request.setTitle(toText(title));
    host.sendAndForget(kj::mv(request));
  });
}

void Step::progress(std::uint64_t current, std::uint64_t total, std::string_view unit) {
  // A loop over small pieces calls this far more often than anybody can see.
  constexpr std::chrono::milliseconds kShortest{40};
  auto now = std::chrono::steady_clock::now();
  if (now - state_->lastProgress < kShortest && current != total) return;
  state_->lastProgress = now;
  state_->withStep([&](wire::Step::Client& step, HostSide& host) {
    auto request = step.progressRequest();
    request.setCurrent(current);
    request.setTotal(total);
    request.setUnit(toText(unit));
    host.sendAndForget(kj::mv(request));
  });
}

void Step::done(std::string_view title) {
  state_->end(true, title);
}
void Step::fail(std::string_view title) {
  state_->end(false, title);
}

}  // namespace cairn
