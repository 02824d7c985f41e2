#include <cairn/call.h>

#include "sdk/src/call_channel.h"

#include <algorithm>

namespace cairn {
namespace {

constexpr std::size_t kOutputPiece = 256 * 1024;

wire::Stream toWire(Stream stream) {
  return stream == Stream::Stdout ? wire::Stream::STDOUT : wire::Stream::STDERR;
}

using detail::HostSide;
using detail::toString;
using detail::toText;

Resource readResource(wire::Resource::Reader from) {
  return {from.getResource(), toString(from.getKind()), toString(from.getName()), toString(from.getId()),
          toString(from.getState())};
}

ServiceProcess readService(wire::Service::Reader from, bool running) {
  ServiceProcess service{toString(from.getName()),       from.getPid(), from.getStartTime(),
                         toString(from.getOutputPath()), running,       {}};
  service.resource = {from.getResource(), "service", service.name, std::to_string(service.pid), ""};
  return service;
}

wire::Services::Client& servicesOf(HostSide& host) {
  KJ_IF_MAYBE (services, host.services) return *services;
  kj::throwFatalException(
      KJ_EXCEPTION(FAILED, "the plugin starts a service, but did not say Plugin::needsServices()"));
}

}  // namespace

Call::Call(std::shared_ptr<detail::CallChannel> channel) : channel_(std::move(channel)) {}
Call::~Call() = default;

// --- what the user sees
// --------------------------------------------------------------------------------------------- A lost host
// is no reason to stop what is being told to it: these answer nothing.

void Call::table(const std::vector<std::string>& columns,
                 const std::vector<std::vector<std::string>>& rows) const {
  (void)channel_->onLoop([&](HostSide& host) {
    auto request = host.terminal().tableRequest();
    auto names = request.initColumns(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) names.set(i, columns[i]);
    auto lines = request.initRows(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto cells = lines.init(i, rows[i].size());
      for (std::size_t j = 0; j < rows[i].size(); ++j) cells.set(j, rows[i][j]);
    }
    host.sendAndForget(kj::mv(request));
  });
}

void Call::namedValues(const std::vector<std::pair<std::string, std::string>>& values) const {
  (void)channel_->onLoop([&](HostSide& host) {
    auto request = host.terminal().namedValuesRequest();
    auto list = request.initValues(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      list[i].setName(values[i].first);
      list[i].setValue(values[i].second);
    }
    host.sendAndForget(kj::mv(request));
  });
}

void Call::output(Stream stream, std::string_view bytes) const {
  while (!bytes.empty()) {
    auto piece = bytes.substr(0, kOutputPiece);
    bytes.remove_prefix(piece.size());
    auto sent = channel_->onLoop([&](HostSide& host) {
      auto request = host.terminal().outputRequest();
      request.setStream(toWire(stream));
      request.setBytes(kj::arrayPtr(reinterpret_cast<const kj::byte*>(piece.data()), piece.size()));
      return request.send();
    });
    if (!sent) return;
  }
}

void Call::log(LogLevel level, std::string_view message) const {
  (void)channel_->onLoop([&](HostSide& host) {
    auto request = host.terminal().logRequest();
    request.setLevel(static_cast<wire::LogLevel>(level));
    request.setMessage(toText(message));
    host.sendAndForget(kj::mv(request));
  });
}

void Call::logLine(const LogEntry& entry) const {
  (void)channel_->onLoop([&](HostSide& host) {
    auto request = host.terminal().logLineRequest();
    auto line = request.initLine();
    line.setUnixMs(entry.time.count());
    line.setStream(toWire(entry.stream));
    line.setInstance(entry.instance);
    line.setText(entry.text);
    return request.send();
  });
}

// --- stopping
// -------------------------------------------------------------------------------------------------------

bool Call::cancelled() const {
  return channel_->cancelled();
}
int Call::cancelFd() const {
  return channel_->cancelFd();
}
bool Call::sleep(std::chrono::milliseconds time) const {
  return channel_->sleep(time);
}

std::optional<std::chrono::milliseconds> Call::remaining() const {
  if (!channel_->deadline) return std::nullopt;
  auto left = *channel_->deadline - std::chrono::steady_clock::now();
  return std::max(std::chrono::milliseconds(0), std::chrono::duration_cast<std::chrono::milliseconds>(left));
}

Error Call::cancelledError() const {
  return {.kind = ErrorKind::Cancelled, .code = "cancelled", .message = "stopped because it was asked to"};
}

// --- folders
// --------------------------------------------------------------------------------------------------------

const std::filesystem::path& Call::workDir() const {
  std::error_code ignored;  // whoever writes into it is told
  std::filesystem::create_directories(channel_->workDir, ignored);
  return channel_->workDir;
}
const std::filesystem::path& Call::cacheDir() const {
  return channel_->cacheDir;
}
const std::filesystem::path& Call::dataDir() const {
  return channel_->dataDir;
}
const std::filesystem::path& Call::bundleDir() const {
  return channel_->bundleDir;
}

// --- journal
// --------------------------------------------------------------------------------------------------------

Result<Resource> Call::intend(std::string_view kind, std::string_view name) const {
  auto handle = CAIRN_TRY(channel_->onLoop([&](HostSide& host) {
    auto request = host.journal.intendRequest();
    request.setKind(toText(kind));
    request.setName(toText(name));
    return request.send().then([](auto response) { return response.getResource(); });
  }));
  return Resource{handle, std::string(kind), std::string(name), "", ""};
}

Result<void> Call::created(Resource& resource, std::string_view id, std::string_view state) const {
  CAIRN_TRY(channel_->onLoop([&](HostSide& host) {
    auto request = host.journal.createdRequest();
    request.setResource(resource.handle);
    request.setId(toText(id));
    request.setState(toText(state));
    return request.send().ignoreResult();
  }));
  resource.id = id;
  resource.state = state;
  return {};
}

Result<void> Call::removed(const Resource& resource) const {
  return channel_->onLoop([&](HostSide& host) {
    auto request = host.journal.removedRequest();
    request.setResource(resource.handle);
    return request.send().ignoreResult();
  });
}

Result<std::vector<Resource>> Call::resources() const {
  return channel_->onLoop([&](HostSide& host) {
    return host.journal.resourcesRequest().send().then([](auto response) {
      std::vector<Resource> resources;
      for (auto resource : response.getResources()) resources.push_back(readResource(resource));
      return resources;
    });
  });
}

// --- services, secrets
// ----------------------------------------------------------------------------------------------

Result<ServiceProcess> Call::startService(const ServiceSpec& spec) const {
  return channel_->onLoop([&](HostSide& host) {
    auto request = servicesOf(host).startRequest();
    request.setName(spec.name);
    auto argv = request.initArgv(spec.argv.size());
    for (std::size_t i = 0; i < spec.argv.size(); ++i) argv.set(i, spec.argv[i]);
    auto environment = request.initEnv(spec.environment.size());
    for (std::size_t i = 0; i < spec.environment.size(); ++i) {
      environment[i].setName(spec.environment[i].first);
      environment[i].setValue(spec.environment[i].second);
    }
    request.setInput(kj::arrayPtr(reinterpret_cast<const kj::byte*>(spec.input.data()), spec.input.size()));
    return request.send().then([](auto response) { return readService(response.getService(), true); });
  });
}

Result<std::optional<ServiceProcess>> Call::findService(std::string_view name) const {
  return channel_->onLoop([&](HostSide& host) {
    auto request = servicesOf(host).findRequest();
    request.setName(toText(name));
    return request.send().then([](auto response) -> std::optional<ServiceProcess> {
      if (!response.hasService()) return std::nullopt;
      return readService(response.getService(), response.getRunning());
    });
  });
}

Result<bool> Call::stopService(std::string_view name, std::chrono::milliseconds grace) const {
  return channel_->onLoop([&](HostSide& host) {
    auto request = servicesOf(host).stopRequest();
    request.setName(toText(name));
    request.setGraceMs(static_cast<std::uint32_t>(grace.count()));
    return request.send().then([](auto response) { return response.getWasRunning(); });
  });
}

Result<std::optional<std::string>> Call::secret(std::string_view name) const {
  return channel_->onLoop([&](HostSide& host) {
    auto request = host.secrets.getRequest();
    request.setName(toText(name));
    return request.send().then([](auto response) -> std::optional<std::string> {
      if (!response.getFound()) return std::nullopt;
      return toString(response.getValue());
    });
  });
}

// --- logs and exec only
// ---------------------------------------------------------------------------------------------

LogRequest Call::logRequest() const {
  return channel_->logRequest;
}
const std::vector<std::string>& Call::arguments() const {
  return channel_->arguments;
}
Tty Call::tty() const {
  return channel_->tty;
}

Result<std::string> Call::readInput(std::size_t maxBytes) const {
  auto bytes = CAIRN_TRY(channel_->onLoop([&](HostSide& host) -> kj::Promise<std::optional<std::string>> {
    KJ_IF_MAYBE (input, host.input) {
      auto request = input->readRequest();
      request.setMaxBytes(static_cast<std::uint32_t>(std::min(maxBytes, kOutputPiece)));
      kj::Promise<std::optional<std::string>> read =
          request.send().then([](auto response) -> std::optional<std::string> {
            auto data = response.getBytes();
            return std::string(reinterpret_cast<const char*>(data.begin()), data.size());
          });
      return read
          .exclusiveJoin(
              host.whenInputEnded().then([]() -> std::optional<std::string> { return std::string(); }))
          .exclusiveJoin(
              host.whenCancelled().then([]() -> std::optional<std::string> { return std::nullopt; }));
    }
    return std::optional<std::string>(std::string());
  }));
  if (!bytes) return cancelledError();
  return std::move(*bytes);
}

std::optional<Tty> Call::resized() const {
  auto size = channel_->onLoop([&](HostSide& host) -> kj::Promise<std::optional<Tty>> {
    kj::Promise<std::optional<Tty>> next = kj::NEVER_DONE;
    KJ_IF_MAYBE (input, host.input) {
      next = input->resizedRequest().send().then(
          [term = channel_->tty.term](auto response) -> std::optional<Tty> {
            return Tty{response.getSize().getColumns(), response.getSize().getRows(), term};
          });
    }
    auto nothing = []() -> std::optional<Tty> { return std::nullopt; };
    return next.exclusiveJoin(host.whenInputEnded().then(kj::cp(nothing)))
        .exclusiveJoin(host.whenCancelled().then(kj::cp(nothing)));
  });
  return size ? *size : std::nullopt;  // an error: a host of before there was this
}

void Call::endInput() const {
  (void)channel_->onLoop([](HostSide& host) { host.endInput(); });
}

}  // namespace cairn
