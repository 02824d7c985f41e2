#pragma once
// Drives a plugin in a test as cairn would: the whole protocol, over a pair of sockets, in one process.
//
//   cairn::testing::PluginHarness harness(fly::plugin());
//   auto image = harness.call(Op::BUILD).settings(settings).input(tree).result<wire::OciImage>();
//   EXPECT_EQ(harness.record().steps[0].title, "Building");
//
// What the plugin is given is real: folders, a journal, services that are started as processes. All of it is
// gone when the harness goes. May be used from several threads.

#include <cairn/base/result.h>
#include <cairn/plugin.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace cairn::testing {

using Op = wire::Manifest::Operation::Name;
using Kind = wire::Manifest::Component::Kind;

struct RecordedStep {
  std::string title;  // the last one
  std::vector<std::string> updates;
  std::uint64_t current = 0, total = 0;
  bool done = false, failed = false;
};

struct RecordedResource {
  std::string journal;
  Resource resource;
  bool created = false, removed = false;
};

// All that the plugin said, in the order it came.
struct Record {
  std::vector<RecordedStep> steps;
  std::vector<std::pair<LogLevel, std::string>> logs;
  std::vector<LogEntry> logLines;
  std::vector<std::vector<std::vector<std::string>>> tables;  // the columns' names are a table's first row
  std::vector<std::pair<std::string, std::string>> namedValues;
  std::string out, err;
  std::vector<RecordedResource> resources;
};

namespace detail {

using Content = std::vector<std::uint64_t>;

struct Value {
  std::uint64_t typeId = 0;
  Content content;
};

struct CallSpec {
  enum class Method { Run, Map, Check } method = Method::Run;
  Kind kind = Kind::BUILDER;
  std::string name;  // of the component or the mapper
  Op op = Op::BUILD;
  Content settings;
  std::vector<Value> inputs;
  std::vector<std::string> arguments, unknown;
  std::vector<std::string> standardInput;  // given one piece a read
  bool inputStaysOpen = false;
  LogRequest logs;
  Tty tty;
  std::vector<Tty> resizes;  // answered one after the other
  std::chrono::milliseconds deadline{0};
  std::string journal;
};

struct Reply {
  std::vector<Error> errors;
  std::uint64_t typeId = 0;
  Content content;
};

struct Pending;  // a call under way
struct Loop;     // the thread that has both ends

template <typename T>
Content contentOf(typename T::Reader value) {
  return cairn::detail::canonicalWords(capnp::AnyStruct::Reader(value));
}
Error wrongType(std::uint64_t typeId);
int exitCodeOf(const Reply& reply);

template <typename T>
struct Taken {
  using Type = Result<Owned<T>>;
  static Type take(Reply&& reply) {
    if (!reply.errors.empty()) return std::move(reply.errors.front());
    if (reply.typeId != capnp::typeId<T>()) return wrongType(reply.typeId);
    auto words =
        kj::arrayPtr(reinterpret_cast<const capnp::word*>(reply.content.data()), reply.content.size());
    capnp::SegmentArrayMessageReader message(kj::arrayPtr(&words, 1));
    return Owned<T>(message.getRoot<T>());
  }
};
template <>
struct Taken<void> {
  using Type = Result<void>;
  static Type take(Reply&& reply) {
    if (!reply.errors.empty()) return std::move(reply.errors.front());
    return {};
  }
};
template <>
struct Taken<int> {
  using Type = Result<int>;
  static Type take(Reply&& reply) {
    if (!reply.errors.empty()) return std::move(reply.errors.front());
    return exitCodeOf(reply);
  }
};

}  // namespace detail

// A call that runs.
class RunningCall {
 public:
  explicit RunningCall(std::shared_ptr<detail::Pending> pending) : pending_(std::move(pending)) {}
  void cancel();
  bool finished() const;
  // Waits for the answer; T is the value's struct, void, or int for an exec.
  template <typename T>
  typename detail::Taken<T>::Type result() {
    return detail::Taken<T>::take(wait());
  }
  detail::Reply wait();

 private:
  std::shared_ptr<detail::Pending> pending_;
};

// A call in the making.
class CallBuilder {
 public:
  CallBuilder(std::shared_ptr<detail::Loop> loop, detail::CallSpec spec)
      : loop_(std::move(loop)), spec_(std::move(spec)) {}

  // The component that `use` would name; the plugin's first of the kind unless said.
  CallBuilder& component(std::string name);
  template <typename T>
  CallBuilder& settings(const Owned<T>& settings) {
    spec_.settings = detail::contentOf<T>(settings.reader());
    return *this;
  }
  // In the order of the function's arguments.
  template <typename T>
  CallBuilder& input(const Owned<T>& value) {
    spec_.inputs.push_back({capnp::typeId<T>(), detail::contentOf<T>(value.reader())});
    return *this;
  }
  // As destroy gets it after a crash.
  CallBuilder& emptyInput() {
    spec_.inputs.emplace_back();
    return *this;
  }
  CallBuilder& unknown(std::string settingPath);
  CallBuilder& arguments(std::vector<std::string> words);
  CallBuilder& standardInput(std::vector<std::string> pieces);
  CallBuilder& keepInputOpen();  // a read beyond the pieces waits
  CallBuilder& logs(LogRequest request);
  CallBuilder& tty(Tty tty);
  CallBuilder& resizedTo(Tty tty);  // as soon as the plugin asks
  CallBuilder& deadline(std::chrono::milliseconds time);
  // Which deployment's or release's journal it writes to; all calls share one unless said.
  CallBuilder& journal(std::string name);

  RunningCall start() const;
  template <typename T>
  typename detail::Taken<T>::Type result() const {
    return start().result<T>();
  }
  // Of a check: everything it found.
  std::vector<Error> errors() const { return start().wait().errors; }

 private:
  std::shared_ptr<detail::Loop> loop_;
  detail::CallSpec spec_;
};

class PluginHarness {
 public:
  explicit PluginHarness(Plugin plugin);
  ~PluginHarness();
  PluginHarness(const PluginHarness&) = delete;
  PluginHarness& operator=(const PluginHarness&) = delete;

  // destroy, status, logs and exec are a platform's unless `kind` says releaser.
  CallBuilder call(Op op);
  CallBuilder call(Kind kind, Op op);
  CallBuilder map(std::string mapperName);
  CallBuilder check(Kind kind);

  Record record() const;
  void forgetRecord();  // but not the resources
  void setSecret(std::string name, std::string value);
  // Where Call::bundleDir() points: where the programs lie that the plugin ships. Before the first call.
  void setBundleDir(std::filesystem::path dir);
  std::filesystem::path cacheDir() const;
  std::filesystem::path dataDir() const;
  // As `--manifest` prints it.
  std::string manifestJson() const;

 private:
  std::shared_ptr<detail::Loop> loop_;
};

}  // namespace cairn::testing
