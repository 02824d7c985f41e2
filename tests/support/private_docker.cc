#include "tests/support/private_docker.h"

#include <arpa/inet.h>
#include <crypt.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace cairn::testing {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

std::string readText(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

fs::path makeFolder(const char* what) {
  std::string name = (fs::temp_directory_path() / (std::string("cairn-") + what + "-XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("can't make a temporary folder");
  return name;
}

// Empty where it is not installed.
fs::path pathOf(const std::string& program) {
  for (const char* folder : {"/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/bin"}) {
    const fs::path path = fs::path(folder) / program;
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return {};
}

bool onPath(const std::string& program) {
  return !pathOf(program).empty();
}

bool waitFor(const std::function<bool()>& condition, std::chrono::seconds limit) {
  for (const auto end = Clock::now() + limit; Clock::now() < end;) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

std::string outputOf(const std::string& command) {
  std::string out;
  FILE* pipe = ::popen((command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return out;
  char piece[4096];
  while (std::size_t size = std::fread(piece, 1, sizeof piece, pipe)) out.append(piece, size);
  ::pclose(pipe);
  return out;
}

bool run(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

std::string exchange(int fd, const sockaddr* address, socklen_t size, const std::string& request) {
  std::string out;
  if (fd >= 0 && ::connect(fd, address, size) == 0 &&
      ::send(fd, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
    char piece[4096];
    for (ssize_t got; (got = ::recv(fd, piece, sizeof piece, 0)) > 0;)
      out.append(piece, static_cast<std::size_t>(got));
  }
  if (fd >= 0) ::close(fd);
  return out;
}

HttpAnswer parseAnswer(const std::string& text) {
  HttpAnswer out;
  const auto end = text.find("\r\n\r\n");
  if (text.rfind("HTTP/1.", 0) != 0 || end == text.npos) return out;
  out.status = std::atoi(text.c_str() + 9);
  out.head = text.substr(0, end);
  out.body = text.substr(end + 4);
  return out;
}

// All strings behind `"key":"` in a JSON text; enough for what tests ask.
std::vector<std::string> valuesOf(const std::string& json, const std::string& key) {
  std::vector<std::string> out;
  for (auto at = json.find(key); at != json.npos; at = json.find(key, at + 1)) {
    const auto start = at + key.size();
    out.push_back(json.substr(start, json.find('"', start) - start));
  }
  return out;
}

// A port of the loopback that nobody listens on now.
int freePort() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in any = {};
  any.sin_family = AF_INET;
  any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof any;
  ::bind(fd, reinterpret_cast<sockaddr*>(&any), size);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&any), &size);
  ::close(fd);
  return ntohs(any.sin_port);
}

void unmountBelow(const fs::path& folder) {
  std::vector<std::string> mounts;
  std::istringstream lines(readText("/proc/self/mounts"));
  for (std::string device, target, rest; lines >> device >> target && std::getline(lines, rest);) {
    if (target.rfind(folder.string() + "/", 0) == 0) mounts.push_back(target);
  }
  for (auto i = mounts.rbegin(); i != mounts.rend(); ++i) ::umount2(i->c_str(), MNT_DETACH);
}

// Only one test at a time chooses addresses, until its engine holds them.
struct AddressLock {
  int fd = ::open(pathOf("dockerd").c_str(), O_RDONLY | O_CLOEXEC);
  AddressLock() {
    if (::flock(fd, LOCK_EX) != 0) throw std::runtime_error("can't lock dockerd for this test");
  }
  ~AddressLock() { ::close(fd); }
};

}  // namespace

TestProcess::TestProcess(const std::vector<std::string>& argv, const fs::path& output) {
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ != 0) return;
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int log = ::open(output.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600),
            null = ::open("/dev/null", O_RDONLY);
  ::dup2(null, 0);
  ::dup2(log, 1);
  ::dup2(log, 2);
  ::execvp(words[0], words.data());
  ::_exit(127);
}

TestProcess::TestProcess(TestProcess&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

TestProcess& TestProcess::operator=(TestProcess&& other) noexcept {
  stop();
  pid_ = std::exchange(other.pid_, -1);
  return *this;
}

bool TestProcess::running() {
  if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) != 0) pid_ = -1;
  return pid_ > 0;
}

void TestProcess::stop() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  if (!waitFor([&] { return !running(); }, std::chrono::seconds(20))) {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  pid_ = -1;
}

std::string PrivateDocker::missing() {
  if (::geteuid() != 0) return "a private Docker Engine needs root";
  for (const char* program : {"dockerd", "containerd", "ip"}) {
    if (!onPath(program))
      return std::string(program) + " is not installed (apt-get install docker.io iproute2)";
  }
  if (!onPath("busybox")) return "busybox is not installed (apt-get install busybox-static)";
  return "";
}

PrivateDocker::PrivateDocker() : folder_(makeFolder("docker")) {
  AddressLock lock;
  addBridge();
  // A containerd that is slow to end writes its stacks into TMPDIR.
  engine_ = TestProcess({"env", "TMPDIR=" + folder_.string(), "dockerd", "--data-root", folder_ / "data",
                         "--exec-root", folder_ / "exec", "-H", host(), "--pidfile", folder_ / "pid", "-b",
                         bridge_, "--iptables=false", "--ip6tables=false", "--ip-forward=false",
                         "--ip-masq=false", "--default-address-pool", "base=" + pool_ + ".128.0/17,size=24"},
                        folder_ / "log");
  if (!waitFor([&] { return get("/_ping") == "OK" || !engine_.running(); }, std::chrono::seconds(60)) ||
      !engine_.running()) {
    const std::string log = readText(folder_ / "log");
    cleanUp();
    throw std::runtime_error("dockerd did not start:\n" + log);
  }
}

PrivateDocker::~PrivateDocker() {
  cleanUp();
}

void PrivateDocker::cleanUp() {
  engine_.stop();
  removeBridges();
  unmountBelow(folder_);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void PrivateDocker::addBridge() {
  const std::string taken = outputOf("ip -o -4 addr show") + outputOf("ip -4 route");
  const int first = 100 + ::getpid() % 100;
  for (int i = 0; i < 100 && pool_.empty(); ++i) {
    const std::string candidate = "10." + std::to_string(100 + (first + i) % 100);
    if (taken.find(" " + candidate + ".") == taken.npos && taken.find("\n" + candidate + ".") == taken.npos)
      pool_ = candidate;
  }
  bridge_ = "cairn" + std::to_string(::getpid());
  run("ip link add " + bridge_ + " type bridge");
  run("ip addr add " + pool_ + ".0.1/24 dev " + bridge_);
  run("ip link set " + bridge_ + " up");
}

// The test's own, and those of networks that nobody removed.
void PrivateDocker::removeBridges() {
  std::istringstream lines(outputOf("ip -o -4 addr show"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string number, link;
    words >> number >> link;
    if (line.find(" " + pool_ + ".") != line.npos) run("ip link del " + link);
  }
  run("ip link del " + bridge_);
}

std::string PrivateDocker::get(const std::string& target) const {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket().c_str(), sizeof address.sun_path - 1);
  // HTTP/1.0, so that the answer is not in chunks.
  return parseAnswer(exchange(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0),
                              reinterpret_cast<sockaddr*>(&address), sizeof address,
                              "GET " + target + " HTTP/1.0\r\nHost: docker\r\n\r\n"))
      .body;
}

std::vector<std::string> PrivateDocker::containers() const {
  return valuesOf(get("/containers/json?all=1"), "\"Names\":[\"/");
}

std::vector<std::string> PrivateDocker::networks() const {
  std::vector<std::string> out;
  for (const std::string& name : valuesOf(get("/networks"), "\"Name\":\"")) {
    if (name != "bridge" && name != "host" && name != "none") out.push_back(name);
  }
  return out;
}

std::string PrivateRegistry::missing() {
  return onPath("docker-registry") ? ""
                                   : "docker-registry is not installed (apt-get install docker-registry)";
}

PrivateRegistry::PrivateRegistry(const std::string& user, const std::string& password)
    : folder_(makeFolder("registry")) {
  // Another program may take the port that was free; then this one ends.
  for (int tries = 0; tries < 10; ++tries) {
    port_ = freePort();
    start(user, password);
    waitFor([&] { return answers() || !process_.running(); }, std::chrono::seconds(60));
    if (process_.running()) break;
  }
  if (!answers()) throw std::runtime_error("docker-registry did not start:\n" + readText(folder_ / "log"));
}

void PrivateRegistry::start(const std::string& user, const std::string& password) {
  std::ofstream config(folder_ / "config.yml");
  config << "version: 0.1\nlog: {level: warn}\nstorage:\n  filesystem: {rootdirectory: "
         << (folder_ / "data").string() << "}\nhttp:\n  addr: " << address()
         << "\n  headers: {X-Test-Folder: [" << folder_.string() << "]}\n";
  if (!user.empty()) {
    std::ofstream(folder_ / "htpasswd")
        << user << ":" << ::crypt(password.c_str(), "$2y$04$cairncairncairncairnca") << "\n";
    config << "auth:\n  htpasswd: {realm: test, path: " << (folder_ / "htpasswd").string() << "}\n";
  }
  config.close();
  process_ = TestProcess({"docker-registry", "serve", folder_ / "config.yml"}, folder_ / "log");
}

bool PrivateRegistry::answers() const {
  return httpGet("http://" + address() + "/v2/").head.find(folder_.string()) != std::string::npos;
}

PrivateRegistry::~PrivateRegistry() {
  process_.stop();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void writeBusyboxContext(const fs::path& folder, const std::string& lines) {
  fs::create_directories(folder);
  fs::copy_file("/bin/busybox", folder / "busybox", fs::copy_options::overwrite_existing);
  std::ofstream(folder / "Dockerfile") << "FROM scratch\nCOPY busybox /bin/busybox\n"
                                          "RUN [\"/bin/busybox\", \"--install\", \"-s\", \"/bin\"]\n"
                                       << lines;
}

HttpAnswer httpGet(const std::string& url) {
  const std::string rest = url.substr(url.find("://") + 3);
  const auto slash = rest.find('/');
  const std::string authority = rest.substr(0, slash), path = slash == rest.npos ? "/" : rest.substr(slash);
  const auto colon = authority.rfind(':');
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  ::inet_pton(AF_INET, authority.substr(0, colon).c_str(), &address.sin_addr);
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(authority.substr(colon + 1).c_str())));
  return parseAnswer(exchange(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
                              reinterpret_cast<sockaddr*>(&address), sizeof address,
                              "GET " + path + " HTTP/1.0\r\nHost: " + authority + "\r\n\r\n"));
}

}  // namespace cairn::testing
