// A small web app to try Cairn with: README.md says what it answers.

#include <kj/async-io.h>
#include <kj/async-unix.h>
#include <kj/compat/http.h>
#include <kj/compat/url.h>
#include <kj/debug.h>

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

namespace {

kj::String firstLineOf(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return kj::heapString(line.empty() ? "Hello" : line.c_str());
}

// A number of the query: `name` in "/slow?name=500".
int numberIn(const kj::Url& url, kj::StringPtr name, int otherwise) {
  for (const auto& parameter : url.query)
    if (parameter.name == name) return std::atoi(parameter.value.cStr());
  return otherwise;
}

class HelloService final : public kj::HttpService {
 public:
  HelloService(kj::Timer& timer, const kj::HttpHeaderTable& headers)
      : timer_(timer), headers_(headers), greeting_(firstLineOf("greeting.txt")) {}

  kj::Promise<void> request(kj::HttpMethod method, kj::StringPtr path, const kj::HttpHeaders& headers,
                            kj::AsyncInputStream& body, Response& response) override {
    std::cout << kj::str(method, ' ', path).cStr() << std::endl;
    const kj::Url url = kj::Url::parse(path, kj::Url::HTTP_REQUEST);
    const kj::StringPtr name = url.path.size() == 0 ? kj::StringPtr("") : kj::StringPtr(url.path[0]);
    if (name == "") return answer(response, 200, kj::str(greeting_, '\n'));
    if (name == "pid") return answer(response, 200, kj::str(getpid(), '\n'));
    if (name == "slow") return slow(response, numberIn(url, "ms", 2000) * kj::MILLISECONDS);
    if (name == "upload") return upload(body, response);
    if (name == "ws" && headers.isWebSocket())
      return echo(response.acceptWebSocket(kj::HttpHeaders(headers_)));
    if (name == "exit") _exit(numberIn(url, "code", 1));
    return answer(response, 404, kj::str("nothing is at ", path, '\n'));
  }

 private:
  kj::Promise<void> answer(Response& response, kj::uint status, kj::String text) {
    kj::HttpHeaders headers(headers_);
    headers.set(kj::HttpHeaderId::CONTENT_TYPE, "text/plain; charset=utf-8");
    auto stream = response.send(status, status == 200 ? "OK" : "Not Found", headers, text.size());
    auto written = stream->write(text.begin(), text.size());
    return written.attach(kj::mv(stream), kj::mv(text));
  }

  // Half of the greeting now, half when the time is over: a response that is under way while others come and
  // go.
  kj::Promise<void> slow(Response& response, kj::Duration time) {
    auto stream = response.send(200, "OK", kj::HttpHeaders(headers_), greeting_.size() + 1);
    const size_t half = greeting_.size() / 2;
    auto& out = *stream;
    return out.write(greeting_.begin(), half)
        .then([this, time] { return timer_.afterDelay(time); })
        .then([this, &out, half] { return out.write(greeting_.begin() + half, greeting_.size() - half); })
        .then([&out] { return out.write("\n", 1); })
        .attach(kj::mv(stream));
  }

  kj::Promise<void> upload(kj::AsyncInputStream& body, Response& response) {
    return count(body, 0).then(
        [this, &response](uint64_t bytes) { return answer(response, 200, kj::str(bytes, " bytes\n")); });
  }

  kj::Promise<uint64_t> count(kj::AsyncInputStream& body, uint64_t before) {
    auto buffer = kj::heapArray<kj::byte>(64 * 1024);
    auto read = body.tryRead(buffer.begin(), 1, buffer.size());
    return read.attach(kj::mv(buffer)).then([this, &body, before](size_t bytes) -> kj::Promise<uint64_t> {
      if (bytes == 0) return before;
      return count(body, before + bytes);
    });
  }

  kj::Promise<void> echo(kj::Own<kj::WebSocket> socket) {
    auto message = socket->receive();
    return message.then(
        [this, socket = kj::mv(socket)](kj::WebSocket::Message&& message) mutable -> kj::Promise<void> {
          auto sent = sendBack(*socket, message);
          if (message.is<kj::WebSocket::Close>()) return sent.attach(kj::mv(socket), kj::mv(message));
          return sent.attach(kj::mv(message)).then([this, socket = kj::mv(socket)]() mutable {
            return echo(kj::mv(socket));
          });
        });
  }

  static kj::Promise<void> sendBack(kj::WebSocket& socket, kj::WebSocket::Message& message) {
    KJ_SWITCH_ONEOF(message) {
      KJ_CASE_ONEOF(text, kj::String) return socket.send(text);
      KJ_CASE_ONEOF(bytes, kj::Array<kj::byte>) return socket.send(bytes);
      KJ_CASE_ONEOF(close, kj::WebSocket::Close) return socket.close(close.code, close.reason);
    }
    KJ_UNREACHABLE;
  }

  kj::Timer& timer_;
  const kj::HttpHeaderTable& headers_;
  const kj::String greeting_;
};

}  // namespace

int main() {
  kj::UnixEventPort::captureSignal(SIGTERM);
  auto io = kj::setupAsyncIo();
  const char *host = std::getenv("HOST"), *port = std::getenv("PORT");
  const auto listening = kj::str(host ? host : "127.0.0.1", ":", port ? port : "8080");
  kj::HttpHeaderTable headers;
  HelloService service(io.provider->getTimer(), headers);
  kj::HttpServer server(io.provider->getTimer(), headers, service);
  auto exception = kj::runCatchingExceptions([&] {
    auto receiver = io.provider->getNetwork().parseAddress(listening).wait(io.waitScope)->listen();
    std::cout << "listening on " << listening.cStr() << std::endl;
    auto asked = io.unixEventPort.onSignal(SIGTERM).ignoreResult();
    server.listenHttp(*receiver).exclusiveJoin(kj::mv(asked)).wait(io.waitScope);
    std::cout << "finishing what was begun" << std::endl;
    server.drain().wait(io.waitScope);
  });
  KJ_IF_MAYBE (why, exception) {
    std::cerr << "hello-server: " << why->getDescription().cStr() << std::endl;
    return 1;
  }
  return 0;
}
