#include "entrypoint/proxy/connection.h"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <boost/asio/write.hpp>

namespace cairn::entrypoint {
namespace {

constexpr size_t kHeadReadBytes = 4 * 1024;

}  // namespace

Connection::Connection(Socket connected) : socket(std::move(connected)) {
  error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  // Without it, a peer whose machine vanished would hold its tunnel for ever.
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  constexpr int kIdleSeconds = 60;
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_KEEPIDLE, &kIdleSeconds, sizeof kIdleSeconds);
}

Task<error_code> Connection::fill(size_t atMost) {
  auto [error, n] = co_await socket.async_read_some(buffer.prepare(atMost), kAwait);
  buffer.commit(n);
  co_return error;
}

Task<error_code> Connection::write(std::string_view first, std::string_view second, std::string_view third,
                                   std::string_view fourth) {
  const std::array<asio::const_buffer, 4> parts = {asio::buffer(first), asio::buffer(second),
                                                   asio::buffer(third), asio::buffer(fourth)};
  auto [error, n] = co_await asio::async_write(socket, parts, kAwait);
  co_return error;
}

bool Connection::peerHasClosed() {
  char byte;
  const ssize_t n = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

bool Connection::isQuiet() {
  char byte;
  return buffer.size() == 0 && ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         errno == EAGAIN;
}

void Connection::close() {
  error_code ignored;
  socket.close(ignored);
}

template <typename Parser>
Task<error_code> readHead(Connection& from, Parser& parser, bool& bytesSeen) {
  for (;;) {
    if (from.buffer.size() > 0) {
      bytesSeen = true;
      error_code error;
      from.buffer.consume(parser.put(from.buffer.cdata(), error));
      if (error && error != http::error::need_more) co_return error;
      if (parser.is_header_done()) co_return error_code();
    }
    if (const error_code error = co_await from.fill(kHeadReadBytes)) co_return error;
  }
}

template <typename Parser>
Task<BodyPiece> readBody(Connection& from, Parser& parser, std::span<char> room) {
  parser.eager(true);
  auto& body = parser.get().body();
  while (!parser.is_done()) {
    if (from.buffer.size() > 0) {
      body.data = room.data();
      body.size = room.size();
      error_code error;
      const size_t used = parser.put(from.buffer.cdata(), error);
      from.buffer.consume(used);
      // A chunk's extensions and the fields after the last chunk are taken whole; the parser limits neither.
      if (used == 0 && from.buffer.size() >= kMaxHeaderBytes) error = http::error::header_limit;
      if (error && error != http::error::need_more && error != http::error::need_buffer)
        co_return BodyPiece{error, {}};
      const size_t got = room.size() - body.size;
      if (got > 0 || parser.is_done()) co_return BodyPiece{{}, {room.data(), got}};
    }
    error_code error = co_await from.fill(kPieceBytes);
    if (error == asio::error::eof && parser.need_eof()) {
      error = {};
      parser.put_eof(error);
    }
    if (error) co_return BodyPiece{error, {}};
  }
  co_return BodyPiece{};
}

template Task<error_code> readHead(Connection&, RequestParser&, bool&);
template Task<error_code> readHead(Connection&, ResponseParser&, bool&);
template Task<BodyPiece> readBody(Connection&, RequestParser&, std::span<char>);
template Task<BodyPiece> readBody(Connection&, ResponseParser&, std::span<char>);

}  // namespace cairn::entrypoint
