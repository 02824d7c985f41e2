#include "entrypoint/proxy/proxy_control.h"

#include "entrypoint/arguments.h"
#include "entrypoint/proxy/address.h"

#include <unistd.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>

namespace cairn::entrypoint {
namespace {

using namespace std::chrono_literals;

constexpr size_t kMaxRequestBytes = 64 * 1024;
constexpr auto kCommandTime = 10s;
constexpr auto kWaitForDescriptors = 50ms;
constexpr int64_t kDefaultDrainMs = 30'000;
constexpr int64_t kLongestDrainMs = 24 * 3600 * 1000;

}  // namespace

ProxyControl::ProxyControl(Executor executor, Proxy& proxy, int listener, ProxyState& state,
                           std::string stateFile)
    : executor_(executor),
      proxy_(proxy),
      state_(state),
      stateFile_(std::move(stateFile)),
      acceptor_(executor) {
  if (listener >= 0) acceptor_.assign(Local(), listener);
}

Task<void> ProxyControl::run() {
  while (acceptor_.is_open()) {
    LocalSocket client(executor_);
    auto [error] = co_await acceptor_.async_accept(client, kAwait);
    if (!error) {
      asio::co_spawn(executor_, serve(std::move(client)), asio::detached);
    } else if (acceptor_.is_open()) {
      Timer pause(executor_, kWaitForDescriptors);
      co_await pause.async_wait(kAwait);
    }
  }
}

void ProxyControl::check(Clock::time_point now) {
  error_code ignored;
  for (Reading& one : reading_)
    if (now > one.deadline) one.client->close(ignored);
}

void ProxyControl::close() {
  error_code ignored;
  acceptor_.close(ignored);
  for (Reading& one : reading_) one.client->close(ignored);
}

Task<void> ProxyControl::serve(LocalSocket client) {
  std::string line;
  const auto reading = reading_.insert(reading_.end(), {&client, Clock::now() + kCommandTime});
  auto [error, length] =
      co_await asio::async_read_until(client, asio::dynamic_buffer(line, kMaxRequestBytes), '\n', kAwait);
  reading_.erase(reading);
  if (error) co_return;
  line.resize(length);
  const FlatJson reply = co_await answer(line);
  const std::string text = reply.line() + "\n";
  co_await asio::async_write(client, asio::buffer(text), kAwait);
}

Task<FlatJson> ProxyControl::answer(const std::string& line) {
  const auto request = FlatJson::parse(line);
  if (!request) co_return refusal(request.error());
  const std::string command = request->findText("command").value_or("");
  if (command == "status") co_return status();
  if (command == "switch") co_return co_await switchBackend(*request);
  co_return refusal(usageError("unknown command '" + command + "'"));
}

Task<FlatJson> ProxyControl::switchBackend(const FlatJson& request) {
  const auto endpoint = parseAddress(request.findText("backend").value_or(""));
  const std::string deployment = request.findText("deployment").value_or("");
  if (!endpoint) co_return refusal(endpoint.error());
  if (deployment.empty()) co_return refusal(usageError("the deployment's name is missing"));
  const ProxyState next{
      .address = state_.address, .backend = addressText(*endpoint), .deployment = deployment};
  // Written first: a switch that a restart would forget must not happen.
  if (const auto written = writeProxyState(stateFile_, next); !written) co_return refusal(written.error());
  state_ = next;
  const auto before = proxy_.router.switchTo(*endpoint, deployment);
  const int64_t timeoutMs =
      std::clamp<int64_t>(request.findNumber("drainTimeoutMs").value_or(kDefaultDrainMs), 0, kLongestDrainMs);
  FlatJson out;
  out.setBool("ok", true).setNull("previous").setNull("previousBackend");
  if (before)
    out.setText("previous", before->deployment()).setText("previousBackend", addressText(before->endpoint()));
  Backend::Drained drained;
  const auto deadline = Clock::now() + std::chrono::milliseconds(timeoutMs);
  for (const std::shared_ptr<Backend>& former : proxy_.router.draining()) {
    const Backend::Drained one = co_await Backend::drain(former, deadline);
    drained.left += one.left;
    drained.cut += one.cut;
  }
  out.setBool("drained", drained.left + drained.cut == 0);
  out.setNumber("left", static_cast<int64_t>(drained.left))
      .setNumber("cut", static_cast<int64_t>(drained.cut));
  co_return out;
}

FlatJson ProxyControl::status() const {
  const auto& current = proxy_.router.current();
  FlatJson out;
  out.setBool("ok", true).setText("address", state_.address).setNull("backend").setNull("deployment");
  if (current)
    out.setText("backend", addressText(current->endpoint())).setText("deployment", current->deployment());
  out.setNumber("pid", ::getpid()).setNumber("requests", static_cast<int64_t>(proxy_.requests));
  out.setNumber("connections", static_cast<int64_t>(proxy_.sessions.size()));
  out.setNumber("inFlight", current ? static_cast<int64_t>(current->inFlight()) : 0);
  std::vector<std::string> draining;
  for (const auto& former : proxy_.router.draining()) draining.push_back(former->deployment());
  out.setList("draining", draining);
  return out;
}

}  // namespace cairn::entrypoint
