#include "test_support.h"

#include "descriptor.h"

#include <cairn/file_tree.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>
#include <fstream>
#include <thread>

namespace cairn::plugins::local {
namespace fs = std::filesystem;
namespace {

// Whether all that the head's Content-Length announces is there: not every server closes the connection when
// asked to.
bool isWhole(const std::string& text) {
  constexpr char kLength[] = "\r\nContent-Length: ";
  const auto end = text.find("\r\n\r\n"), length = text.find(kLength);
  if (end == std::string::npos || length > end) return false;
  return text.size() >=
         end + 4 + static_cast<std::size_t>(std::atol(text.c_str() + length + sizeof kLength - 1));
}

}  // namespace

TestFolder::TestFolder() {
  std::string name = fs::temp_directory_path() / "cairn-local-XXXXXX";
  CAIRN_ASSERT(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TestFolder::~TestFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void TestFolder::write(const std::string& name, const std::string& content, bool executable) const {
  fs::create_directories((path_ / name).parent_path());
  std::ofstream(path_ / name) << content;
  if (executable) fs::permissions(path_ / name, fs::perms::owner_all);
}

LocalTest::LocalTest() {
  harness_.setBundleDir(fs::path(CAIRN_BUILD_ROOT) / "lib/cairn/plugins/local");
  fs::copy_file(fs::path(CAIRN_BUILD_ROOT) / "examples/hello-server", files_.path() / "hello-server");
  files_.write("greeting.txt", "hello 1\n");
}

LocalTest::Settings LocalTest::running(const std::vector<std::string>& command) const {
  Settings out;
  auto words = out->initCommand(command.size());
  for (std::size_t i = 0; i < command.size(); ++i) words.set(i, command[i]);
  out->setGraceMs(1000);
  out->initProbe().setIntervalMs(10);
  return out;
}

Owned<cairn::wire::FilesDirectory> LocalTest::filesValue() const {
  Owned<cairn::wire::FilesDirectory> out;
  out->setPath(files_.path().string());
  out->setDigest(digestOf(listFiles(files_.path()).value()).value());
  return out;
}

Owned<cairn::wire::DeploymentConfig> LocalTest::config(int sequence) const {
  Owned<cairn::wire::DeploymentConfig> out;
  out->setDeploymentId("0193-" + std::to_string(sequence));
  out->setShortId("abc" + std::to_string(sequence));
  out->setProject("shop");
  out->setApp("web");
  out->setWorkspace("default");
  out->setSequence(static_cast<std::uint32_t>(sequence));
  return out;
}

Result<Owned<wire::Deployment>> LocalTest::deploy(const Settings& settings, int sequence) {
  return harness_.call(Op::DEPLOY)
      .settings(settings)
      .input(filesValue())
      .input(config(sequence))
      .journal(journalOf(sequence))
      .result<wire::Deployment>();
}

Result<void> LocalTest::destroy(const Owned<wire::Deployment>& deployment) {
  return harness_.call(Op::DESTROY)
      .input(deployment)
      .journal(journalOf(static_cast<int>(deployment.reader().getSequence())))
      .result<void>();
}

HttpAnswer get(const std::string& url, const std::string& path) {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return {};
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
  ::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL);
  std::string text;
  char buffer[4096];
  for (ssize_t n; !isWhole(text) && (n = ::recv(socket.get(), buffer, sizeof buffer, 0)) > 0;)
    text.append(buffer, static_cast<size_t>(n));
  const auto end = text.find("\r\n\r\n");
  if (end == std::string::npos) return {};
  return {std::atoi(text.c_str() + sizeof("HTTP/1.1")), text.substr(end + 4)};
}

bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace cairn::plugins::local
