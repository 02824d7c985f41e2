#pragma once
// A Unix socket as Boost.Beast reads and writes it, whose waits end when the call is cancelled.

#include <cairn/call.h>

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <string>

namespace cairn::plugins::pack_docker {

class SocketStream {
 public:
  explicit SocketStream(const Call& call) : call_(call) {}
  ~SocketStream();
  SocketStream(const SocketStream&) = delete;
  SocketStream& operator=(const SocketStream&) = delete;

  boost::system::error_code connect(const std::string& path);

  // What Beast asks of a synchronous stream; the error is operation_canceled once the call is cancelled.
  template <typename Buffers>
  std::size_t read_some(const Buffers& buffers, boost::system::error_code& error) {
    auto buffer = *boost::asio::buffer_sequence_begin(buffers);
    return receive(buffer.data(), buffer.size(), error);
  }
  template <typename Buffers>
  std::size_t write_some(const Buffers& buffers, boost::system::error_code& error) {
    // The first that has something in it: an empty write would never end.
    for (auto at = boost::asio::buffer_sequence_begin(buffers);
         at != boost::asio::buffer_sequence_end(buffers); ++at) {
      boost::asio::const_buffer buffer(*at);
      if (buffer.size() > 0) return send(buffer.data(), buffer.size(), error);
    }
    error = {};
    return 0;
  }
  template <typename Buffers>
  std::size_t read_some(const Buffers& buffers) {
    boost::system::error_code error;
    auto count = read_some(buffers, error);
    if (error) throw boost::system::system_error(error);
    return count;
  }
  template <typename Buffers>
  std::size_t write_some(const Buffers& buffers) {
    boost::system::error_code error;
    auto count = write_some(buffers, error);
    if (error) throw boost::system::system_error(error);
    return count;
  }

 private:
  bool waitFor(short events, boost::system::error_code& error) const;
  std::size_t receive(void* data, std::size_t size, boost::system::error_code& error);
  std::size_t send(const void* data, std::size_t size, boost::system::error_code& error);

  const Call& call_;
  int fd_ = -1;
};

}  // namespace cairn::plugins::pack_docker
