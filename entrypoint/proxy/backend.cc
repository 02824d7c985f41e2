#include "entrypoint/proxy/backend.h"

#include <algorithm>

namespace cairn::entrypoint {
namespace {

using namespace std::chrono_literals;

constexpr size_t kMaxIdle = 256;
constexpr auto kMaxIdleTime = 60s;

}  // namespace

std::unique_ptr<Connection> Backend::takeIdle(Clock::duration maxIdle) {
  while (!idle_.empty()) {
    Idle last = std::move(idle_.back());
    idle_.pop_back();
    if (Clock::now() - last.since > maxIdle) return nullptr;  // the others are older
    // What came unasked would be taken for the answer to the next request, perhaps another client's.
    if (last.connection->isQuiet()) return std::move(last.connection);
  }
  return nullptr;
}

void Backend::keepIdle(std::unique_ptr<Connection> connection) {
  if (draining_ || idle_.size() >= kMaxIdle) return;
  idle_.push_back({std::move(connection), Clock::now()});
}

void Backend::dropStale() {
  const auto oldest = Clock::now() - kMaxIdleTime;
  std::erase_if(idle_, [&](Idle& idle) { return idle.since < oldest || !idle.connection->isQuiet(); });
}

Backend::Use::Use(std::shared_ptr<Backend> backend) : backend_(std::move(backend)) {
  backend_->uses_.insert(this);
}

Backend::Use::~Use() {
  backend_->uses_.erase(this);
  if (backend_->uses_.empty()) backend_->quiet_.wakeAll();
}

void Backend::Use::becomeTunnel(std::function<void()> cut) {
  cut_ = std::move(cut);
}

void Backend::retire() {
  draining_ = true;
  idle_.clear();
}

Task<Backend::Drained> Backend::drain(std::shared_ptr<Backend> backend, Clock::time_point deadline) {
  // Several may wait for it, each with a deadline of its own, so that none may set that of the signal.
  Timer alarm(backend->quiet_.executor(), deadline);
  alarm.async_wait([backend](error_code cancelled) {
    if (!cancelled) backend->quiet_.wakeAll();
  });
  while (!backend->uses_.empty() && Clock::now() < deadline) co_await backend->quiet_.wait();
  Drained out;
  for (Use* use : backend->uses_) {
    ++(use->cut_ ? out.cut : out.left);
    if (use->cut_) use->cut_();
  }
  co_return out;
}

std::shared_ptr<Backend> Router::switchTo(const Endpoint& endpoint, const std::string& deployment) {
  if (current_ && current_->endpoint() == endpoint && current_->deployment() == deployment) return nullptr;
  std::shared_ptr<Backend> before = std::move(current_);
  if (before) before->retire();
  current_ = std::make_shared<Backend>(executor_, endpoint, deployment);
  std::erase_if(former_, [](const auto& one) { return one.expired(); });
  if (before) former_.push_back(before);
  return before;
}

std::vector<std::shared_ptr<Backend>> Router::draining() const {
  std::vector<std::shared_ptr<Backend>> out;
  for (const auto& one : former_)
    if (auto backend = one.lock(); backend && backend->inFlight() > 0) out.push_back(std::move(backend));
  return out;
}

}  // namespace cairn::entrypoint
