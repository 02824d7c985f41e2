#pragma once
// Boost.Asio as the proxy uses it: one thread, no type-erased executor, coroutines that answer errors as
// values.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/wait_traits.hpp>

#include <chrono>

namespace cairn::entrypoint {

namespace asio = boost::asio;
using boost::system::error_code;

using Executor = asio::io_context::executor_type;
using Endpoint = asio::ip::tcp::endpoint;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Clock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;
template <typename T>
using Task = asio::awaitable<T, Executor>;

// `auto [error, n] = co_await socket.async_read_some(room, kAwait);`
inline constexpr auto kAwait = asio::as_tuple(asio::use_awaitable_t<Executor>());

// Something coroutines wait for: each wait() goes on after the next wakeAll().
class Signal {
 public:
  explicit Signal(Executor executor) : timer_(executor, Clock::time_point::max()) {}
  Task<void> wait() { co_await timer_.async_wait(kAwait); }
  // Waits until `deadline` at the latest; a deadline is for this wait only, so that one coroutine at a time
  // may use it.
  Task<void> waitUntil(Clock::time_point deadline) {
    timer_.expires_at(deadline);
    co_await timer_.async_wait(kAwait);
  }
  void wakeAll() { timer_.cancel(); }
  Executor executor() { return timer_.get_executor(); }

 private:
  Timer timer_;
};

}  // namespace cairn::entrypoint
