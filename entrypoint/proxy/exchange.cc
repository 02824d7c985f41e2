#include "entrypoint/proxy/exchange.h"

#include "entrypoint/proxy/address.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/beast/http/chunk_encode.hpp>

#include <cstdio>

namespace cairn::entrypoint {
namespace {

using namespace std::chrono_literals;

// A request that can't be sent twice takes a kept connection only if it was used this recently: servers keep
// an idle one for longer as a rule, so that its end is unlikely to cross the request on the way.
constexpr auto kFreshEnough = 1s;

constexpr std::string_view kLastChunk = "0\r\n\r\n";

std::string chunkStart(size_t size) {
  char text[24];
  const int length = std::snprintf(text, sizeof text, "%zx\r\n", size);
  return {text, static_cast<size_t>(length)};
}

// Writes a piece of a body; `last` ends it.
Task<error_code> writePiece(Connection& to, std::string_view before, std::string_view bytes, bool chunked,
                            bool last) {
  if (!chunked) co_return co_await to.write(before, bytes);
  const std::string start = bytes.empty() ? "" : chunkStart(bytes.size());
  const std::string_view end = bytes.empty() ? "" : "\r\n";
  std::string lead(before);
  lead += start;
  std::string tail(end);
  if (last) tail += kLastChunk;
  co_return co_await to.write(lead, bytes, tail);
}

bool isHttpError(const error_code& error) {
  return error.category() == make_error_code(http::error::bad_chunk).category();
}

}  // namespace

void Watch::check(Connection& client, Clock::time_point now) {
  const bool timed = waitsFor != For::Stream && waitsFor != For::Tunnel;
  const bool overdue = timed && now > deadline;
  const bool awaitsBackend = waitsFor == For::Connect || waitsFor == For::Response;
  const bool awaitsBytes = waitsFor == For::Response || waitsFor == For::Stream;
  const bool clientGone = awaitsBytes && client.peerHasClosed();
  if (!overdue && !clientGone) return;
  if (awaitsBackend && overdue) timedOut = true;
  error_code ignored;
  if (backend) backend->close(ignored);
  if (!awaitsBackend || clientGone) client.close();
}

Exchange::Exchange(std::shared_ptr<Backend> backend, Connection& client, RequestParser& request, Watch& watch,
                   const Timeouts& timeouts, std::string_view clientAddress)
    : use_(std::move(backend)),
      client_(client),
      request_(request),
      watch_(watch),
      timeouts_(timeouts),
      isHead_(request.get().method() == http::verb::head),
      hasBody_(!request.is_done()),
      upgrade_(!hasBody_ && asksForUpgrade(request.get(), request.get().version())),
      version_(request.get().version()),
      sideDone_(client.socket.get_executor()) {
  Framing framing{.length = {}, .chunked = request.chunked()};
  if (const auto length = request.content_length()) framing.length = *length;
  appendRequestHead(head_, {.method = request.get().method_string(),
                            .target = request.get().target(),
                            .fields = request.get(),
                            .framing = framing,
                            .upgrade = upgrade_,
                            .clientAddress = clientAddress});
}

Task<bool> Exchange::run(const bool& stopping) {
  const bool repeatable = !hasBody_ && isIdempotent(request_.get().method());
  Reply reply = co_await ask(repeatable ? Clock::duration::max() : kFreshEnough);
  if (reply == Reply::Stale && repeatable) reply = co_await ask(Clock::duration::zero());
  bool reusable = false;
  if (reply == Reply::Arrived)
    reusable = co_await relayResponse(stopping);
  else if (reply != Reply::ClientLeft)
    reusable = co_await answerFailure();
  co_await stopUpload();
  watch_.backend = nullptr;
  co_return reusable;
}

Task<Exchange::Reply> Exchange::ask(Clock::duration maxIdle) {
  failure_ = co_await obtainConnection(maxIdle);
  if (failure_) co_return client_.socket.is_open() ? Reply::Failed : Reply::ClientLeft;
  watch_.set(Watch::For::Response, timeouts_.response);
  failure_ = co_await connection_->write(head_);
  if (failure_) co_return pooled_ ? Reply::Stale : Reply::Failed;
  if (hasBody_) startUpload();
  co_return co_await awaitResponseHead();
}

Task<error_code> Exchange::obtainConnection(Clock::duration maxIdle) {
  connection_ = maxIdle > Clock::duration::zero() ? use_.backend().takeIdle(maxIdle) : nullptr;
  pooled_ = connection_ != nullptr;
  if (!connection_) {
    Socket socket(client_.socket.get_executor());
    watch_.backend = &socket;
    watch_.set(Watch::For::Connect, timeouts_.connect);
    auto [error] = co_await socket.async_connect(use_.backend().endpoint(), kAwait);
    watch_.backend = nullptr;
    if (error) co_return error;
    connection_ = std::make_unique<Connection>(std::move(socket));
  }
  watch_.backend = &connection_->socket;
  co_return error_code();
}

Task<Exchange::Reply> Exchange::awaitResponseHead() {
  bool bytesSeen = false;
  for (;;) {
    response_.emplace();
    response_->header_limit(kMaxHeaderBytes);
    response_->body_limit(boost::none);
    response_->skip(isHead_);
    failure_ = co_await readHead(*connection_, *response_, bytesSeen);
    const unsigned status = failure_ ? 0 : response_->get().result_int();
    const bool information = status >= 100 && status < 200 && !(status == 101 && upgrade_);
    if (!failure_ && status == 101 && !upgrade_) failure_ = http::error::bad_status;
    if (!failure_ && information) failure_ = co_await passInformation();
    if (failure_) break;
    if (!information) {
      const bool unknownCoding = response_->get().count(http::field::transfer_encoding) > 0 &&
                                 !response_->chunked() && !response_->is_done();
      if (!unknownCoding) co_return Reply::Arrived;
      failure_ = http::error::bad_transfer_encoding;
      break;
    }
  }
  if (!client_.socket.is_open()) co_return Reply::ClientLeft;
  co_return pooled_ && !bytesSeen && !watch_.timedOut ? Reply::Stale : Reply::Failed;
}

// Hands on a 1xx response, such as 100 Continue, for which the client may be waiting with its body.
Task<error_code> Exchange::passInformation() {
  if (version_ < 11) co_return error_code();
  const auto& message = response_->get();
  std::string head;
  appendResponseHead(head, {.status = message.result_int(), .reason = message.reason(), .fields = message});
  co_return co_await client_.write(head);
}

void Exchange::startUpload() {
  uploading_ = true;
  watch_.set(Watch::For::Upload, timeouts_.client);
  asio::co_spawn(client_.socket.get_executor(), upload(), [this](std::exception_ptr) {
    uploading_ = false;
    if (responseBegan_)
      watch_.set(Watch::For::Stream, 0s);
    else
      watch_.set(Watch::For::Response, timeouts_.response);
    sideDone_.wakeAll();
  });
}

Task<void> Exchange::upload() {
  const auto room = std::make_unique<Piece>();
  while (!request_.is_done() && !uploadUnwanted_) {
    const BodyPiece piece = co_await readBody(client_, request_, *room);
    if (piece.error) {
      uploadError_ = piece.error;
      connection_->close();  // it waits for the rest of a body that will not come
      co_return;
    }
    watch_.set(Watch::For::Response, timeouts_.response);
    const error_code refused =
        co_await writePiece(*connection_, {}, piece.bytes, request_.chunked(), request_.is_done());
    // A backend may stop listening and answer all the same, so what it says is still waited for.
    if (refused) co_return;
    watch_.set(Watch::For::Upload, timeouts_.client);
  }
}

// Ends an upload that nobody wants any more.
Task<void> Exchange::stopUpload() {
  if (!uploading_) co_return;
  uploadUnwanted_ = true;  // it may be between two waits, where cancelling does not reach it
  error_code ignored;
  client_.socket.cancel(ignored);
  if (connection_) connection_->close();
  while (uploading_) co_await sideDone_.wait();
}

std::string_view Exchange::connectionWord(bool keep) const {
  if (!keep) return "close";
  return version_ < 11 ? "keep-alive" : "";
}

Task<bool> Exchange::relayResponse(bool stopping) {
  responseBegan_ = true;
  if (!uploading_) watch_.set(Watch::For::Stream, 0s);
  const auto& message = response_->get();
  const bool switched = upgrade_ && message.result_int() == 101;
  const bool hasBody = !response_->is_done();
  Framing framing;
  if (const auto length = response_->content_length(); length && message.result_int() != 204 && !switched)
    framing.length = *length;
  framing.chunked = hasBody && !framing.length && version_ >= 11;
  const bool delimited = !hasBody || framing.length || framing.chunked;
  bool keep = delimited && request_.keep_alive() && request_.is_done() && !stopping;
  head_.clear();
  appendResponseHead(head_, {.status = message.result_int(),
                             .reason = message.reason(),
                             .fields = message,
                             .framing = framing,
                             .upgrade = switched,
                             .connection = switched ? "" : connectionWord(keep)});
  const error_code error = co_await relayBody(framing.chunked);
  if (!error && switched) co_await tunnel();
  if (error || switched) co_return false;
  const bool whole = request_.is_done() && !uploading_ && !uploadError_;
  if (whole && response_->keep_alive() && connection_->buffer.size() == 0)
    use_.backend().keepIdle(std::move(connection_));
  co_return keep;
}

// Writes to the client, which must take it some time. While it still sends, that wait is the one looked at.
Task<error_code> Exchange::sendPiece(std::string_view before, std::string_view bytes, bool chunked,
                                     bool last) {
  if (!uploading_) watch_.set(Watch::For::Send, timeouts_.client);
  const error_code error = co_await writePiece(client_, before, bytes, chunked, last);
  if (!uploading_) watch_.set(Watch::For::Stream, 0s);
  co_return error;
}

// Sends the head with the first of the body, then the rest as it comes.
Task<error_code> Exchange::relayBody(bool chunked) {
  if (response_->is_done()) co_return co_await sendPiece(head_, {}, false, false);
  std::string_view before = head_;
  if (connection_->buffer.size() == 0) {
    // Nothing of the body is here yet: the client need not wait for it to see the head.
    if (const error_code error = co_await sendPiece(head_, {}, false, false)) co_return error;
    before = {};
  }
  const auto room = std::make_unique<Piece>();
  while (!response_->is_done()) {
    const BodyPiece piece = co_await readBody(*connection_, *response_, *room);
    // What breaks off here must break off there: the client's connection is closed without the body's end.
    if (piece.error) co_return piece.error;
    if (const error_code error = co_await sendPiece(before, piece.bytes, chunked, response_->is_done()))
      co_return error;
    before = {};
  }
  co_return error_code();
}

Task<bool> Exchange::answerFailure() {
  const bool bodyIsBad = uploadError_ && isHttpError(uploadError_);
  if (uploadError_ && !bodyIsBad) co_return false;  // the client left in the middle of its request
  const Backend& backend = use_.backend();
  std::string text = "the backend " + addressText(backend.endpoint()) + " (deployment " +
                     backend.deployment() + ") did not answer";
  unsigned status = watch_.timedOut ? 504 : 502;
  text += watch_.timedOut ? " in time" : ": " + failure_.message();
  if (bodyIsBad) {
    status = 400;
    text = "the request's body can't be read: " + uploadError_.message();
  }
  watch_.timedOut = false;
  const bool keep = request_.is_done() && request_.keep_alive();
  co_await stopUpload();
  watch_.set(Watch::For::Stream, 0s);
  const error_code error = co_await client_.write(plainResponse(status, text, isHead_, connectionWord(keep)));
  co_return keep && !error;
}

Task<void> Exchange::tunnel() {
  watch_.set(Watch::For::Tunnel, 0s);
  use_.becomeTunnel([this] {
    client_.close();
    connection_->close();
  });
  bool running = true;
  asio::co_spawn(client_.socket.get_executor(), copy(client_, *connection_), [&](std::exception_ptr) {
    running = false;
    sideDone_.wakeAll();
  });
  co_await copy(*connection_, client_);
  while (running) co_await sideDone_.wait();
}

// Copies until `from` ends; `to` then hears of the end and may still say what it has to.
Task<void> Exchange::copy(Connection& from, Connection& to) {
  error_code error;
  do {
    if (from.buffer.size() > 0) {
      const auto bytes = from.buffer.cdata();
      error = co_await to.write({static_cast<const char*>(bytes.data()), bytes.size()});
      from.buffer.consume(bytes.size());
    }
    if (!error) error = co_await from.fill(kPieceBytes);
  } while (!error);
  error_code ignored;
  if (error == asio::error::eof) {
    to.socket.shutdown(Socket::shutdown_send, ignored);
  } else {
    from.close();
    to.close();
  }
}

}  // namespace cairn::entrypoint
