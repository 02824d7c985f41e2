#include "cli/plan_file.h"

#include <capnp/serialize.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "cli/output/text_sink.h"

namespace cairn::cli {

namespace {

constexpr std::string_view kFirstLine = "cairn plan 1\n\n\n\n";  // 16 bytes: what follows stays aligned
constexpr size_t kLargest = 64 * 1024 * 1024;

Failure failed(ErrorKind kind, std::string code, std::string message, std::string hint) {
  return Error{.kind = kind, .code = std::move(code), .message = std::move(message), .hint = std::move(hint)};
}

Failure notAPlan(const std::string& path) {
  return failed(ErrorKind::Config, "not-a-plan", "'" + path + "' is not a plan of this version of Cairn",
                "make one with 'cairn plan --out FILE'");
}

}  // namespace

Answer<void> writePlanFile(const std::string& path, wire::Plan::Reader plan) {
  capnp::MallocMessageBuilder message;
  message.setRoot(plan);
  auto words = capnp::messageToFlatArray(message);
  auto bytes = words.asBytes();
  std::string part = path + ".part";
  auto notWritten = [&] {
    std::string why = std::strerror(errno);
    unlink(part.c_str());
    return failed(ErrorKind::Failed, "file-not-written", "can't write '" + path + "': " + why,
                  "choose another place");
  };
  int fd = open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return notWritten();
  std::string text(kFirstLine);
  text.append(reinterpret_cast<const char*>(bytes.begin()), bytes.size());
  ssize_t written = write(fd, text.data(), text.size());
  int closed = close(fd);
  if (written != static_cast<ssize_t>(text.size()) || closed != 0) return notWritten();
  if (rename(part.c_str(), path.c_str()) != 0) return notWritten();
  return {};
}

Answer<Owned<wire::Plan>> readPlanFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream content;
  content << in.rdbuf();
  if (!in.is_open() || in.bad()) {
    return failed(ErrorKind::Config, "plan-not-read", "can't read the plan '" + path + "'",
                  "make one with 'cairn plan --out FILE'");
  }
  std::string text = std::move(content).str();
  size_t size = text.size() - std::min(text.size(), kFirstLine.size());
  if (!text.starts_with(kFirstLine) || size % sizeof(capnp::word) != 0 || size > kLargest)
    return notAPlan(path);
  auto words = kj::heapArray<capnp::word>(size / sizeof(capnp::word));
  std::memcpy(words.begin(), text.data() + kFirstLine.size(), size);
  Result<Owned<wire::Plan>, Failure> result = notAPlan(path);
  auto broken = kj::runCatchingExceptions([&] {
    capnp::FlatArrayMessageReader reader(words);
    result = Owned<wire::Plan>(reader.getRoot<wire::Plan>());
  });
  if (broken != nullptr) return notAPlan(path);
  return result;
}

}  // namespace cairn::cli
