#include "tests/support/http_load.h"

#include "entrypoint/testing/http_peers.h"

#include <algorithm>
#include <chrono>
#include <memory>

namespace cairn::testing {
namespace {

using entrypoint::testing::Client;
using entrypoint::testing::Response;

constexpr int kPieces = 32;
constexpr std::size_t kPieceSize = 32 * 1024;

std::string wrong(const Response& response) {
  if (response.head.empty()) return "no answer";
  if (!response.whole) return "half an answer: " + response.body;
  return response.status() == 200 ? ""
                                  : response.head.substr(0, response.head.find('\r')) + ": " + response.body;
}

// A WebSocket frame of a client, masked by zeros.
std::string frame(int opcode, const std::string& payload) {
  std::string out;
  out += static_cast<char>(0x80 | opcode);
  out += static_cast<char>(0x80 | payload.size());
  out.append(4, '\0');
  return out + payload;
}

std::string answeredFrame(Client& client, int opcode) {
  const std::string head = client.readBytes(2);
  if (head.size() < 2 || head[0] != static_cast<char>(0x80 | opcode)) return "";
  return client.readBytes(static_cast<unsigned char>(head[1]));
}

}  // namespace

std::string HttpLoad::Report::text() const {
  std::string out;
  for (const auto& [kind, count] : answered) out += kind + " " + std::to_string(count) + "  ";
  return out;
}

HttpLoad::HttpLoad(const std::string& url) : address_(url.substr(url.find("://") + 3)) {
  for (int i = 0; i < 2; ++i) {
    begin("fresh", [this] { return get("/"); });
    begin("slow", [this] { return get("/slow?ms=2000"); });
    begin("upload", [this] { return upload(); });
    begin("websocket", [this] { return talk(); });
    auto client = std::make_shared<std::unique_ptr<Client>>();
    begin("keep-alive", [this, client]() -> std::string {
      if (!*client) *client = std::make_unique<Client>(address_);
      // A server may close an idle connection at any time, but this one is never idle for long.
      return wrong((*client)->get("/"));
    });
  }
}

HttpLoad::~HttpLoad() {
  if (!clients_.empty()) stop();
}

void HttpLoad::begin(const std::string& kind, Ask ask) {
  report_.answered[kind] = 0;
  clients_.emplace_back([this, kind, ask = std::move(ask)] {
    for (bool over = false; !over;) {
      const int round = currentRound();
      const std::string problem = ask();
      {
        std::lock_guard lock(mutex_);
        if (problem.empty()) {
          ++report_.answered[kind];
          seen_[kind] = std::max(seen_[kind], round);
        } else {
          report_.lost.push_back(kind + ": " + problem);
        }
        over = stopping_ || !problem.empty();
      }
      changed_.notify_all();
      pause(5);
    }
  });
}

int HttpLoad::currentRound() {
  std::lock_guard lock(mutex_);
  return round_;
}

void HttpLoad::pause(int milliseconds) {
  std::unique_lock lock(mutex_);
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  changed_.wait_until(lock, end, [&] { return stopping_ || std::chrono::steady_clock::now() >= end; });
}

std::string HttpLoad::get(const std::string& path) {
  const Response response = Client(address_).get(path);
  if (wrong(response).empty()) {
    std::lock_guard lock(mutex_);
    report_.bodies.insert(response.body);
  }
  return wrong(response);
}

// Comes in pieces over half a second and more, so that a switch falls into it.
std::string HttpLoad::upload() {
  Client client(address_);
  const std::size_t size = kPieces * kPieceSize;
  if (!client.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) +
                   "\r\n\r\n"))
    return "no connection";
  for (int i = 0; i < kPieces; ++i) {
    if (!client.send(std::string(kPieceSize, 'x'))) return "broke off after " + std::to_string(i) + " pieces";
    pause(20);
  }
  const Response response = client.read();
  if (!wrong(response).empty()) return wrong(response);
  return response.body == std::to_string(size) + " bytes\n" ? "" : "it says " + response.body;
}

std::string HttpLoad::talk() {
  Client client(address_);
  client.send(
      "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: "
      "13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  const Response response = client.read();
  if (response.status() != 101) return "not opened: " + response.head;
  for (int i = 0; i < 20; ++i) {
    const std::string message = "message " + std::to_string(i);
    client.send(frame(1, message));
    if (answeredFrame(client, 1) != message) return "message " + std::to_string(i) + " did not come back";
    pause(50);
  }
  const std::string goodbye("\x03\xe8", 2);
  client.send(frame(8, goodbye));
  return answeredFrame(client, 8) == goodbye ? "" : "no goodbye";
}

bool HttpLoad::served() {
  std::unique_lock lock(mutex_);
  const int round = ++round_;
  auto all = [&] {
    return std::all_of(report_.answered.begin(), report_.answered.end(),
                       [&](const auto& kind) { return seen_[kind.first] >= round; });
  };
  changed_.wait_for(lock, std::chrono::seconds(30), [&] { return all() || !report_.lost.empty(); });
  return all();
}

HttpLoad::Report HttpLoad::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& client : clients_) client.join();
  clients_.clear();
  return report_;
}

}  // namespace cairn::testing
