#pragma once
// A connection to the engine whose every wait ends when the call is cancelled.

#include "engine_address.h"

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <utility>

namespace cairn::plugins::docker {

// A Beast SyncStream on a plain descriptor: poll() watches the socket and `cancelFd` together, so that a
// cancel needs no second thread. It ends a wait with operation_aborted, `idleLimit` one with timed_out.
class EngineSocket {
 public:
  // `cancelFd` -1: nobody cancels. `idleLimit` 0: waits for ever.
  //
  // Errors: Unavailable "docker/unreachable", with the cause and what helps against it.
  static Result<EngineSocket> connect(const EngineAddress& address, int cancelFd,
                                      std::chrono::milliseconds idleLimit);

  EngineSocket(EngineSocket&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), cancelFd_(other.cancelFd_), idleLimit_(other.idleLimit_) {}
  EngineSocket& operator=(EngineSocket&&) = delete;
  ~EngineSocket();

  std::size_t readSome(void* data, std::size_t size, boost::system::error_code& error);
  std::size_t writeSome(const void* data, std::size_t size, boost::system::error_code& error);
  // Tells the other side that nothing more will be written.
  void finishWriting();

  // What Beast asks for.
  template <typename Buffers>
  std::size_t read_some(const Buffers& buffers, boost::system::error_code& error) {
    const boost::asio::mutable_buffer first = firstOf<boost::asio::mutable_buffer>(buffers);
    return readSome(first.data(), first.size(), error);
  }
  template <typename Buffers>
  std::size_t read_some(const Buffers& buffers) {
    boost::system::error_code error;
    const std::size_t size = read_some(buffers, error);
    if (error) throw boost::system::system_error(error);
    return size;
  }
  template <typename Buffers>
  std::size_t write_some(const Buffers& buffers, boost::system::error_code& error) {
    const boost::asio::const_buffer first = firstOf<boost::asio::const_buffer>(buffers);
    return writeSome(first.data(), first.size(), error);
  }
  template <typename Buffers>
  std::size_t write_some(const Buffers& buffers) {
    boost::system::error_code error;
    const std::size_t size = write_some(buffers, error);
    if (error) throw boost::system::system_error(error);
    return size;
  }

 private:
  EngineSocket(int fd, int cancelFd, std::chrono::milliseconds idleLimit)
      : fd_(fd), cancelFd_(cancelFd), idleLimit_(idleLimit) {}
  bool wait(short events, boost::system::error_code& error);

  // The first buffer with something in it; an empty one where there is none.
  template <typename Buffer, typename Buffers>
  static Buffer firstOf(const Buffers& buffers) {
    for (auto i = boost::asio::buffer_sequence_begin(buffers); i != boost::asio::buffer_sequence_end(buffers);
         ++i) {
      const Buffer buffer(*i);
      if (buffer.size() > 0) return buffer;
    }
    return Buffer();
  }

  int fd_;
  int cancelFd_;
  std::chrono::milliseconds idleLimit_;
};

}  // namespace cairn::plugins::docker
