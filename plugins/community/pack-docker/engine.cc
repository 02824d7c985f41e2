#include "engine.h"

#include "socket_stream.h"

#include <boost/asio/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <nlohmann/json.hpp>

#include <sstream>

namespace cairn::plugins::pack_docker {
namespace {

namespace http = boost::beast::http;
using Json = nlohmann::json;
using Response = http::response<http::string_body>;

constexpr std::uint64_t kLongestAnswer = 16 << 20;

Error noEngine(const std::string& socket, const std::string& why) {
  return {.kind = ErrorKind::Unavailable,
          .code = "pack-docker/no-engine",
          .message = "can't talk to the Docker engine at " + socket + ": " + why,
          .hint = "start it, or set DOCKER_HOST to where it is"};
}

Error refused(const std::string& what, const std::string& why) {
  return {.kind = ErrorKind::Failed,
          .code = "pack-docker/engine-refused",
          .message = "the Docker engine would not " + what + ": " + why};
}

std::string textAt(const Json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string messageOf(const Response& response) {
  auto message = textAt(Json::parse(response.body(), nullptr, false), "message");
  return message.empty() ? response.body() : message;
}

template <typename Body>
Result<Response> ask(const Call& call, const std::string& socket, http::request<Body>& request) {
  SocketStream stream(call);
  if (auto error = stream.connect(socket)) return noEngine(socket, error.message());
  request.set(http::field::host, "docker");
  request.set(http::field::connection, "close");
  boost::system::error_code sent, error;
  http::write(stream, request, sent);
  if (sent == boost::asio::error::operation_aborted) return call.cancelledError();
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kLongestAnswer);
  // The engine hangs up on a body that it refuses, but has said why.
  http::read(stream, buffer, parser, error);
  if (error == boost::asio::error::operation_aborted) return call.cancelledError();
  if (error) return noEngine(socket, (sent ? sent : error).message());
  return parser.release();
}

// The engine answers 200 and tells of a failure in one of the lines that follow.
Result<void> checkLines(const std::string& body) {
  std::istringstream lines(body);
  for (std::string line; std::getline(lines, line);) {
    auto message = Json::parse(line, nullptr, false);
    if (message.is_object() && message.contains("error"))
      return refused("load the image", textAt(message, "error"));
  }
  return {};
}

}  // namespace

Result<Engine> Engine::at(const std::string& address) {
  if (address.empty()) return Engine("/var/run/docker.sock");
  if (address.rfind("unix://", 0) == 0) return Engine(address.substr(7));
  return Error{.kind = ErrorKind::Config,
               .code = "pack-docker/no-unix-socket",
               .message = "the Docker engine at " + address + " is not reached by a Unix socket",
               .hint = "set DOCKER_HOST to unix://<path>"};
}

Result<void> Engine::load(const Call& call, const std::filesystem::path& archive) const {
  http::request<http::file_body> request{http::verb::post, "/images/load?quiet=1", 11};
  boost::system::error_code error;
  request.body().open(archive.c_str(), boost::beast::file_mode::scan, error);
  if (error) return refused("load " + archive.string(), error.message());
  request.set(http::field::content_type, "application/x-tar");
  request.prepare_payload();
  auto response = CAIRN_TRY(ask(call, socket_, request));
  if (response.result() != http::status::ok) return refused("load the image", messageOf(response));
  return checkLines(response.body());
}

Result<std::string> Engine::idOf(const Call& call, const std::string& reference) const {
  http::request<http::empty_body> request{http::verb::get, "/images/" + reference + "/json", 11};
  auto response = CAIRN_TRY(ask(call, socket_, request));
  if (response.result() != http::status::ok) return refused("show " + reference, messageOf(response));
  auto id = textAt(Json::parse(response.body(), nullptr, false), "Id");
  if (id.empty()) return refused("show " + reference, "its answer has no id");
  return id;
}

}  // namespace cairn::plugins::pack_docker
