#include <cairn/testing/plugin_harness.h>

#include "sdk/src/manifest.h"
#include "sdk/src/testing/harness_loop.h"

#include <cairn/dynamic/json.h>
#include <cairn/types.capnp.h>

namespace cairn::testing {

Error detail::wrongType(std::uint64_t typeId) {
  return {.kind = ErrorKind::Internal,
          .code = "wrong-type",
          .message = "the value is of type " + std::to_string(typeId)};
}

int detail::exitCodeOf(const Reply& reply) {
  Reply copy = reply;
  auto result = Taken<wire::ExecResult>::take(std::move(copy));
  CAIRN_ASSERT(result.has_value());
  return result->reader().getExitCode();
}

void RunningCall::cancel() {
  if (auto loop = pending_->loop.lock()) loop->cancel(pending_->callId);
}

bool RunningCall::finished() const {
  std::lock_guard lock(pending_->mutex);
  return pending_->finished;
}

detail::Reply RunningCall::wait() {
  return pending_->wait();
}

CallBuilder& CallBuilder::component(std::string name) {
  spec_.name = std::move(name);
  return *this;
}
CallBuilder& CallBuilder::unknown(std::string settingPath) {
  spec_.unknown.push_back(std::move(settingPath));
  return *this;
}
CallBuilder& CallBuilder::arguments(std::vector<std::string> words) {
  spec_.arguments = std::move(words);
  return *this;
}
CallBuilder& CallBuilder::standardInput(std::vector<std::string> pieces) {
  spec_.standardInput = std::move(pieces);
  return *this;
}
CallBuilder& CallBuilder::keepInputOpen() {
  spec_.inputStaysOpen = true;
  return *this;
}
CallBuilder& CallBuilder::logs(LogRequest request) {
  spec_.logs = request;
  return *this;
}
CallBuilder& CallBuilder::tty(Tty tty) {
  spec_.tty = std::move(tty);
  return *this;
}
CallBuilder& CallBuilder::resizedTo(Tty tty) {
  spec_.resizes.push_back(std::move(tty));
  return *this;
}
CallBuilder& CallBuilder::deadline(std::chrono::milliseconds time) {
  spec_.deadline = time;
  return *this;
}
CallBuilder& CallBuilder::journal(std::string name) {
  spec_.journal = std::move(name);
  return *this;
}

RunningCall CallBuilder::start() const {
  return RunningCall(loop_->start(spec_));
}

namespace {

Kind kindOf(Op op) {
  switch (op) {
    case Op::BUILD:
      return Kind::BUILDER;
    case Op::PUSH:
      return Kind::REGISTRY;
    case Op::RELEASE:
      return Kind::RELEASER;
    default:
      return Kind::PLATFORM;
  }
}

std::string firstOf(const Plugin& plugin, Kind kind) {
  for (auto& component : plugin.definition().components) {
    if (component.kind == kind) return component.name;
  }
  return plugin.definition().name;
}

}  // namespace

PluginHarness::PluginHarness(Plugin plugin) : loop_(std::make_shared<detail::Loop>(std::move(plugin))) {}
PluginHarness::~PluginHarness() = default;

CallBuilder PluginHarness::call(Op op) {
  return call(kindOf(op), op);
}

CallBuilder PluginHarness::call(Kind kind, Op op) {
  detail::CallSpec spec;
  spec.kind = kind;
  spec.op = op;
  spec.name = firstOf(loop_->plugin, kind);
  return {loop_, std::move(spec)};
}

CallBuilder PluginHarness::map(std::string mapperName) {
  detail::CallSpec spec;
  spec.method = detail::CallSpec::Method::Map;
  spec.name = std::move(mapperName);
  return {loop_, std::move(spec)};
}

CallBuilder PluginHarness::check(Kind kind) {
  detail::CallSpec spec;
  spec.method = detail::CallSpec::Method::Check;
  spec.kind = kind;
  spec.name = firstOf(loop_->plugin, kind);
  return {loop_, std::move(spec)};
}

Record PluginHarness::record() const {
  return loop_->notes.with([](Record& record) { return record; });
}

void PluginHarness::forgetRecord() {
  loop_->notes.with([](Record& record) {
    auto resources = std::move(record.resources);
    record = {};
    record.resources = std::move(resources);
  });
}

void PluginHarness::setSecret(std::string name, std::string value) {
  loop_->notes.secrets[std::move(name)] = std::move(value);
}
void PluginHarness::setBundleDir(std::filesystem::path dir) {
  loop_->bundleDir = std::move(dir);
}
std::filesystem::path PluginHarness::cacheDir() const {
  return loop_->dir / "cache";
}
std::filesystem::path PluginHarness::dataDir() const {
  return loop_->dir / "data";
}

std::string PluginHarness::manifestJson() const {
  return toJson(cairn::detail::BuiltManifest(loop_->plugin.definition()).reader(),
                {.indent = true, .defaults = false});
}

}  // namespace cairn::testing
