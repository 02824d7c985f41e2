#pragma once
// A Docker Engine of a test's own: its data, socket and bridge are nobody else's, and all of it is gone when
// the object goes.
//
//   const std::string reason = PrivateDocker::missing();
//   if (!reason.empty()) GTEST_SKIP() << reason;
//   PrivateDocker docker;                 // docker.host() is "unix:///tmp/…/docker.sock"
//   PrivateRegistry registry("u", "p");   // registry.address() is "127.0.0.1:40123"
//
// Nothing can be pulled: writeBusyboxContext() makes a build context that starts FROM scratch. Iptables are
// left alone, so that published ports go through docker-proxy.

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::testing {

// A program in a process group of its own, with its output in a file; it ends with the test.
class TestProcess {
 public:
  TestProcess() = default;
  TestProcess(const std::vector<std::string>& argv, const std::filesystem::path& output);
  TestProcess(TestProcess&& other) noexcept;
  TestProcess& operator=(TestProcess&& other) noexcept;
  ~TestProcess() { stop(); }

  bool running();
  pid_t pid() const { return pid_; }
  // SIGTERM, after 20 s SIGKILL; waits until it has ended.
  void stop();

 private:
  pid_t pid_ = -1;
};

class PrivateDocker {
 public:
  // Why none can be started here; empty where one can.
  static std::string missing();

  // Waits until it answers; throws std::runtime_error with the engine's log when it doesn't.
  PrivateDocker();
  ~PrivateDocker();
  PrivateDocker(const PrivateDocker&) = delete;

  std::string host() const { return "unix://" + socket().string(); }
  std::filesystem::path socket() const { return folder_ / "docker.sock"; }
  // The body of the answer to GET `target`.
  std::string get(const std::string& target) const;
  // Names of all containers (also stopped ones) and of all networks but the engine's own three.
  std::vector<std::string> containers() const;
  std::vector<std::string> networks() const;

 private:
  void cleanUp();
  void addBridge();
  void removeBridges();

  std::filesystem::path folder_;
  std::string bridge_;
  std::string pool_;  // "10.231": the start of all addresses this engine gives
  TestProcess engine_;
};

// Debian's docker-registry on a port of the loopback, which every engine takes as insecure.
class PrivateRegistry {
 public:
  static std::string missing();

  // With `user` and `password` it lets nobody else in.
  explicit PrivateRegistry(const std::string& user = {}, const std::string& password = {});
  ~PrivateRegistry();
  PrivateRegistry(const PrivateRegistry&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  // Starts it on the port.
  void start(const std::string& user, const std::string& password);
  // Whether it is this one that has the port, and not another program.
  bool answers() const;

  std::filesystem::path folder_;
  int port_ = 0;
  TestProcess process_;
};

// A Dockerfile and a busybox: `lines` follow FROM scratch and the installed shell.
void writeBusyboxContext(const std::filesystem::path& folder, const std::string& lines);

// An HTTP answer: its status line's number, which is 0 where nobody answers, all above its body, and the
// body.
struct HttpAnswer {
  int status = 0;
  std::string head;
  std::string body;
};
HttpAnswer httpGet(const std::string& url);

}  // namespace cairn::testing
