#include "entrypoint/proxy/session.h"

namespace cairn::entrypoint {
namespace {

using namespace std::chrono_literals;

std::string hostText(const Socket& socket) {
  error_code error;
  auto address = socket.remote_endpoint(error).address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return address.to_string();
}

}  // namespace

Session::Session(Proxy& proxy, Socket client)
    : proxy_(proxy), client_(std::move(client)), address_(hostText(client_.socket)) {
  proxy_.sessions.insert(this);
}

Session::~Session() {
  proxy_.sessions.erase(this);
  if (proxy_.sessions.empty()) proxy_.quiet.wakeAll();
}

Task<void> Session::run() {
  // Not `while (co_await serveNext()) {}`: as GCC 12.2 compiles that, the program crashes at the first
  // request.
  bool more = true;
  while (more) more = co_await serveNext();
  if (client_.socket.is_open()) co_await closeGently();
}

Task<bool> Session::serveNext() {
  RequestParser request;
  request.header_limit(kMaxHeaderBytes);
  request.body_limit(boost::none);
  const bool arrived = co_await readRequestHead(request);
  if (!arrived) co_return false;
  ++proxy_.requests;
  served_ = true;
  const auto& message = request.get();
  const bool isHead = message.method() == http::verb::head;
  if (const auto fault = findFault(message, message.method(), message.target(), message.version())) {
    co_await refuse(fault->status, fault->why, isHead);
    co_return false;
  }
  if (!proxy_.router.current()) {
    co_await refuse(503, "no deployment is behind this address yet", isHead);
    co_return false;
  }
  Exchange exchange(proxy_.router.current(), client_, request, watch_, proxy_.timeouts, address_);
  const bool reusable = co_await exchange.run(proxy_.stopping);
  co_return reusable && !proxy_.stopping;
}

// Reads the next request's head, waiting for it; false when there will be none.
Task<bool> Session::readRequestHead(RequestParser& request) {
  watch_.set(Watch::For::Request, proxy_.timeouts.idle);
  // An old client may send an empty line after a body.
  const auto atLineEnd = [&] {
    const char* bytes = static_cast<const char*>(client_.buffer.cdata().data());
    return client_.buffer.size() > 0 && (*bytes == '\r' || *bytes == '\n');
  };
  while (client_.buffer.size() == 0) {
    const error_code error = co_await client_.fill(4096);
    if (error) co_return false;
    while (atLineEnd()) client_.buffer.consume(1);
  }
  while (atLineEnd()) client_.buffer.consume(1);
  watch_.set(Watch::For::Request, proxy_.timeouts.head);
  bool bytesSeen = false;
  const error_code error = co_await readHead(client_, request, bytesSeen);
  if (!error) co_return true;
  if (error == http::error::header_limit) {
    co_await refuse(431, "the request's head is too large", false);
  } else if (error.category() == make_error_code(http::error::bad_method).category()) {
    co_await refuse(400, "this is no HTTP request: " + error.message(), false);
  }
  co_return false;
}

Task<void> Session::refuse(unsigned status, std::string_view why, bool head) {
  co_await client_.write(plainResponse(status, why, head, "close"));
}

// Lets the client read our last words: closing with its bytes unread would make the system throw them away.
Task<void> Session::closeGently() {
  closing_ = true;
  error_code error;
  client_.socket.shutdown(Socket::shutdown_send, error);
  watch_.set(Watch::For::Request, 2s);
  while (!error) {
    client_.buffer.clear();
    error = co_await client_.fill(kPieceBytes);
  }
  client_.close();
}

void Session::finish() {
  if (watch_.waitsFor != Watch::For::Request || closing_) return;
  char byte;
  const bool asked = client_.buffer.size() > 0 ||
                     ::recv(client_.socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
  if (served_ && !asked) return client_.close();
  // Its request may be on the way.
  watch_.deadline = std::min(watch_.deadline, Clock::now() + 1s);
}

std::optional<Clock::time_point> Session::waitsUntil() const {
  if (watch_.waitsFor != Watch::For::Request || closing_) return std::nullopt;
  return watch_.deadline;
}

void Session::close() {
  error_code ignored;
  if (watch_.backend) watch_.backend->close(ignored);
  client_.close();
}

}  // namespace cairn::entrypoint
