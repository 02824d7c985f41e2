#include "engine_http.h"

#include "engine_socket.h"

#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <optional>

namespace cairn::plugins::docker {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t kPiece = 64 * 1024;

Error transportError(const EngineAddress& address, const error_code& error) {
  if (error == boost::asio::error::operation_aborted) {
    return Error{.kind = ErrorKind::Cancelled, .code = "cancelled", .message = "stopped as asked"};
  }
  const bool cutShort = error == http::error::partial_message || error == http::error::end_of_stream;
  return Error{.kind = ErrorKind::Unavailable,
               .code = "docker/connection-lost",
               .message = "the connection to " + address.peer + " at " + address.text + " broke: " +
                          (cutShort ? "it hung up before its answer was whole" : error.message()),
               .hint = "see whether the engine still runs, and its log: journalctl -u docker"};
}

class HijackedSocket : public Hijacked {
 public:
  HijackedSocket(EngineAddress address, EngineSocket socket, std::string first)
      : address_(std::move(address)), socket_(std::move(socket)), first_(std::move(first)) {}

  Result<std::string> read() override {
    if (!first_.empty()) return std::exchange(first_, {});
    std::string out(kPiece, '\0');
    error_code error;
    out.resize(socket_.readSome(out.data(), out.size(), error));
    if (error && error != boost::asio::error::eof) return transportError(address_, error);
    return out;
  }
  Result<void> write(std::string_view bytes) override {
    while (!bytes.empty()) {
      error_code error;
      bytes.remove_prefix(socket_.writeSome(bytes.data(), bytes.size(), error));
      if (error) return transportError(address_, error);
    }
    return {};
  }
  void finishWriting() override { socket_.finishWriting(); }

 private:
  EngineAddress address_;
  EngineSocket socket_;
  std::string first_;  // came together with the answer's head
};

class BeastExchange : public HttpExchange {
 public:
  BeastExchange(EngineAddress address, EngineSocket socket)
      : address_(std::move(address)), socket_(std::move(socket)) {
    parser_.emplace();
    parser_->body_limit(boost::none);
    parser_->eager(false);
  }

  Result<void> sendRequest(const EngineRequest& request) {
    http::request<http::string_body> head(http::string_to_verb(request.method), request.target, 11);
    head.set(http::field::host, address_.path.empty() ? address_.host : "docker");
    head.set(http::field::user_agent, "cairn");
    for (const auto& [name, value] : request.headers) head.set(name, value);
    if (!request.body.empty() || request.writeBody) head.set(http::field::content_type, request.contentType);
    error_code error;
    if (request.writeBody) return sendPieces(head, request.writeBody);
    head.body() = request.body;
    if (request.method == "POST" || !request.body.empty()) head.content_length(request.body.size());
    http::write(socket_, head, error);
    return readHeadAfter(error);
  }

  unsigned status() const override { return parser_->get().result_int(); }
  std::string header(std::string_view name) const override {
    const auto value = parser_->get()[boost::beast::string_view(name.data(), name.size())];
    return std::string(value.data(), value.size());
  }

  Result<void> readBody(const Bytes& take) override {
    std::string piece(kPiece, '\0');
    while (!parser_->is_done()) {
      parser_->get().body().data = piece.data();
      parser_->get().body().size = piece.size();
      error_code error;
      http::read_some(socket_, buffer_, *parser_, error);
      if (error == http::error::need_buffer) error = {};
      const std::size_t size = piece.size() - parser_->get().body().size;
      if (size > 0) take(std::string_view(piece).substr(0, size));
      if (error) return transportError(address_, error);
    }
    return {};
  }

  std::unique_ptr<Hijacked> hijack() override {
    const auto rest = buffer_.data();
    std::string first(static_cast<const char*>(rest.data()), rest.size());
    return std::make_unique<HijackedSocket>(address_, std::move(socket_), std::move(first));
  }

 private:
  template <typename Request>
  Result<void> sendPieces(Request& request, const EngineRequest::WriteBody& writeBody) {
    http::request<http::empty_body> head(std::move(request.base()));
    head.chunked(true);
    http::request_serializer<http::empty_body> serializer(head);
    error_code sent;
    http::write_header(socket_, serializer, sent);
    if (sent) return readHeadAfter(sent);
    auto written = writeBody([&](std::string_view piece) -> Result<void> {
      if (piece.empty()) return {};
      boost::asio::write(socket_, http::make_chunk(boost::asio::buffer(piece.data(), piece.size())), sent);
      if (sent) return transportError(address_, sent);
      return {};
    });
    if (!written && !sent) return written;
    if (!sent) boost::asio::write(socket_, http::make_chunk_last(), sent);
    return readHeadAfter(sent);
  }

  // `sent`: how the sending ended. The engine hangs up on a request it refuses, but has said why.
  Result<void> readHeadAfter(const error_code& sent) {
    if (sent == boost::asio::error::operation_aborted) return transportError(address_, sent);
    error_code error;
    http::read_header(socket_, buffer_, *parser_, error);
    if (error) return transportError(address_, sent ? sent : error);
    return {};
  }

  EngineAddress address_;
  EngineSocket socket_;
  boost::beast::flat_buffer buffer_;
  std::optional<http::response_parser<http::buffer_body>> parser_;
};

}  // namespace

Result<std::unique_ptr<HttpExchange>> HttpExchange::send(const EngineAddress& address,
                                                         const EngineRequest& request, int cancelFd,
                                                         std::chrono::milliseconds idleLimit) {
  auto exchange = std::make_unique<BeastExchange>(
      address, CAIRN_TRY(EngineSocket::connect(address, cancelFd, idleLimit)));
  CAIRN_TRY(exchange->sendRequest(request));
  return std::unique_ptr<HttpExchange>(std::move(exchange));
}

}  // namespace cairn::plugins::docker
