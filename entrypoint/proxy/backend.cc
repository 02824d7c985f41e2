#include "entrypoint/proxy/backend.h"

#include <algorithm>

namespace cairn::entrypoint {
namespace {

using namespace std::chrono_literals;

constexpr size_t kMaxIdle = 256;
constexpr auto kMaxIdleTime = 60s;
// One used this recently is taken without looking whether it is still open.
constexpr auto kSurelyOpen = 20ms;

}  // namespace

std::unique_ptr<Connection> Backend::takeIdle(Clock::duration maxIdle) {
  while (!idle_.empty()) {
    Idle last = std::move(idle_.back());
    idle_.pop_back();
    const auto age = Clock::now() - last.since;
    if (age > maxIdle) return nullptr;  // the others are older
    if (age < kSurelyOpen || !last.connection->peerHasClosed()) return std::move(last.connection);
  }
  return nullptr;
}

void Backend::keepIdle(std::unique_ptr<Connection> connection) {
  if (draining_ || idle_.size() >= kMaxIdle) return;
  idle_.push_back({std::move(connection), Clock::now()});
}

void Backend::dropStale() {
  const auto oldest = Clock::now() - kMaxIdleTime;
  std::erase_if(idle_, [&](Idle& idle) { return idle.since < oldest || idle.connection->peerHasClosed(); });
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

Task<Backend::Drained> Backend::drain(Clock::duration timeout) {
  draining_ = true;
  idle_.clear();
  const auto deadline = Clock::now() + timeout;
  while (!uses_.empty() && Clock::now() < deadline) co_await quiet_.waitUntil(deadline);
  Drained out;
  for (Use* use : uses_) {
    ++(use->cut_ ? out.cut : out.left);
    if (use->cut_) use->cut_();
  }
  co_return out;
}

std::shared_ptr<Backend> Router::switchTo(const Endpoint& endpoint, const std::string& deployment) {
  if (current_ && current_->endpoint() == endpoint && current_->deployment() == deployment) return nullptr;
  std::shared_ptr<Backend> before = std::move(current_);
  current_ = std::make_shared<Backend>(executor_, endpoint, deployment);
  std::erase_if(former_, [](const auto& one) { return one.expired(); });
  if (before) former_.push_back(before);
  return before;
}

std::vector<std::string> Router::draining() const {
  std::vector<std::string> out;
  for (const auto& one : former_)
    if (const auto backend = one.lock(); backend && backend->inFlight() > 0)
      out.push_back(backend->deployment());
  return out;
}

}  // namespace cairn::entrypoint
