#pragma once
// One TCP connection and what was read from it but not yet used; HTTP messages are read from it piece by
// piece.

#include "entrypoint/proxy/asio_types.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <array>
#include <memory>
#include <span>
#include <string_view>

namespace cairn::entrypoint {

namespace beast = boost::beast;
namespace http = boost::beast::http;

using RequestParser = http::request_parser<http::buffer_body>;
using ResponseParser = http::response_parser<http::buffer_body>;

constexpr size_t kMaxHeaderBytes = 64 * 1024;
constexpr size_t kPieceBytes = 16 * 1024;
using Piece = std::array<char, kPieceBytes>;

struct Connection {
  explicit Connection(Socket connected);

  // Reads what there is. The error is eof at the peer's end.
  Task<error_code> fill(size_t atMost);
  // Writes all of it; the parts may be empty.
  Task<error_code> write(std::string_view first, std::string_view second = {}, std::string_view third = {},
                         std::string_view fourth = {});
  // True if the peer has closed its side and sent nothing before that.
  bool peerHasClosed();
  // True if it is open and the peer has said nothing that was not asked for.
  bool isQuiet();
  void close();

  Socket socket;
  beast::flat_buffer buffer;
};

// Reads a message's head. `bytesSeen` is set once anything of it has come.
// The error is http::error::… for bytes that are no HTTP, else what the socket says.
template <typename Parser>
Task<error_code> readHead(Connection& from, Parser& parser, bool& bytesSeen);

struct BodyPiece {
  error_code error;
  std::string_view bytes;  // empty at the body's end
};

// Reads the next piece of a message's body into `room`. A body that breaks off is an error.
template <typename Parser>
Task<BodyPiece> readBody(Connection& from, Parser& parser, std::span<char> room);

}  // namespace cairn::entrypoint
