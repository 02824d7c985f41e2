#include "cli/plan_file.h"

#include <cairn/dynamic/whole.h>
#include <capnp/serialize.h>

#include <cstring>

#include "cli/write_file.h"
#include "host/project/text_file.h"

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
  std::string text(kFirstLine);
  text.append(reinterpret_cast<const char*>(bytes.begin()), bytes.size());
  return writeFile(path, text, Readers::OwnerOnly);
}

Answer<Owned<wire::Plan>> readPlanFile(const std::string& path) {
  auto content = host::readTextFile(path, "the plan '" + path + "'", kLargest);
  if (!content) {
    return failed(ErrorKind::Config, "plan-not-read", content.error().message,
                  "make one with 'cairn plan --out FILE'");
  }
  const std::string text = std::move(content).value();
  size_t size = text.size() - std::min(text.size(), kFirstLine.size());
  if (!text.starts_with(kFirstLine) || size % sizeof(capnp::word) != 0) return notAPlan(path);
  auto words = kj::heapArray<capnp::word>(size / sizeof(capnp::word));
  std::memcpy(words.begin(), text.data() + kFirstLine.size(), size);
  Result<Owned<wire::Plan>, Failure> result = notAPlan(path);
  auto broken = kj::runCatchingExceptions([&] {
    capnp::FlatArrayMessageReader reader(words);
    readWhole(reader.getRoot<wire::Plan>());
    result = Owned<wire::Plan>(reader.getRoot<wire::Plan>());
  });
  if (broken != nullptr) return notAPlan(path);
  return result;
}

}  // namespace cairn::cli
