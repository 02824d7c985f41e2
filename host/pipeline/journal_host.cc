#include "host/pipeline/journal_host.h"

#include <host/broker/digest.h>
#include <host/pipeline/secret_net.h>

namespace cairn::host {
namespace {

constexpr std::size_t kLogLinesKept = 20;

using What = wire::Event::ResourceEvent::What;

void tell(const Emitter& emitter, What what, const JournalEntry& entry) {
  emitter.emit([&](wire::Event::Builder event) {
    auto resource = event.initResource();
    resource.setWhat(what);
    resource.setKind(entry.kind);
    resource.setName(entry.name);
    resource.setId(entry.id);
  });
}

Error unknownHandle(std::uint64_t handle) {
  return Error{.kind = ErrorKind::NotFound,
               .code = "resource-not-found",
               .message = "the journal has no resource " + std::to_string(handle) + ", or it was removed",
               .hint = "a plugin asked for it: report it to its author"};
}

// `plugin`: that made them; empty: any.
std::vector<JournalEntry> entriesOf(const std::vector<Resource>& resources, const std::string& plugin) {
  std::vector<JournalEntry> out;
  for (const auto& resource : resources) {
    if (resource.plugin.name.empty()) continue;  // the host's own note: no plugin knows what it means
    if (!plugin.empty() && resource.plugin.name != plugin) continue;
    out.push_back(
        {resource.handle, resource.recordId, resource.kind, resource.name, resource.id, resource.state});
  }
  return out;
}

}  // namespace

void JournalHost::emit(kj::FunctionParam<void(wire::Event::Builder)> fill) {
  emitter_.emit([&](wire::Event::Builder event) {
    fill(event);
    if (event.isStepFinished() && cancellable_ && *context_.cancelled)
      event.getStepFinished().setCancelled(true);
    if (!event.isLogLine()) return;
    logLines_.emplace_back(event.getLogLine().getText().cStr());
    if (logLines_.size() > kLogLinesKept) logLines_.pop_front();
  });
}

std::string JournalHost::lastLogLines() const {
  std::string out;
  for (const auto& line : logLines_) out += line + "\n";
  return out;
}

kj::Promise<Result<std::uint64_t>> JournalHost::intend(std::string kind, std::string name) {
  if (auto safe = withoutSecret(kind + "\n" + name, "the name of a resource"); !safe)
    return Result<std::uint64_t>(std::move(safe).error());
  tell(emitter_, What::INTENDED, {.kind = kind, .name = name});
  return context_.store.intendResource(scope_.recordId, kind, name, scope_.plugin)
      .then([this, kind, name](Result<std::uint64_t> handle) {
        if (handle) known_[*handle] = {.handle = *handle, .kind = kind, .name = name};
        return handle;
      });
}

kj::Promise<Result<void>> JournalHost::created(std::uint64_t handle, std::string id, std::string state) {
  auto known = known_.find(handle);
  if (known == known_.end()) return Result<void>(unknownHandle(handle));
  if (auto safe = withoutSecret(id + "\n" + state, "the state of a resource"); !safe)
    return Result<void>(std::move(safe).error());
  known->second.id = id;
  tell(emitter_, What::CREATED, known->second);
  return context_.store.resourceCreated(handle, std::move(id), std::move(state));
}

Result<void> JournalHost::withoutSecret(const std::string& text, const std::string& what) const {
  return refuseSecret(context_.masking, text, what, "the plugin \"" + scope_.plugin.name + "\"");
}

kj::Promise<Result<void>> JournalHost::removed(std::uint64_t handle) {
  auto known = known_.find(handle);
  if (known == known_.end()) return Result<void>(unknownHandle(handle));
  tell(emitter_, What::REMOVED, known->second);
  return context_.store.resourceRemoved(handle);
}

kj::Promise<Result<std::vector<JournalEntry>>> JournalHost::resources() {
  // No filter by a record would be none at all.
  if (scope_.recordId.empty()) return Result<std::vector<JournalEntry>>(std::vector<JournalEntry>());
  if (!scope_.allReleases) {
    return context_.store.resources({.recordId = scope_.recordId})
        .then([this](Result<std::vector<Resource>> found) -> Result<std::vector<JournalEntry>> {
          return remembered(entriesOf(CAIRN_TRY(kj::mv(found)), {}));
        });
  }
  return context_.store
      .resources({.project = scope_.app.project,
                  .app = scope_.app.app,
                  .workspace = scope_.app.workspace,
                  .kind = wire::RecordKind::RELEASE})
      .then([this](Result<std::vector<Resource>> found) -> Result<std::vector<JournalEntry>> {
        return remembered(entriesOf(CAIRN_TRY(kj::mv(found)), scope_.plugin.name));
      });
}

std::vector<JournalEntry> JournalHost::remembered(std::vector<JournalEntry> entries) {
  for (const JournalEntry& entry : entries) known_[entry.handle] = entry;
  return entries;
}

Result<std::optional<std::string>> JournalHost::secret(const std::string& name) {
  if (!lookUp_) return std::optional<std::string>();
  auto value = lookUp_(name);
  if (value) context_.masking.add(*value);
  return value;
}

kj::Promise<kj::Array<kj::byte>> JournalHost::readInput(std::uint32_t maxBytes) {
  KJ_IF_MAYBE (input, input_) {
    auto buffer = kj::heapArray<kj::byte>(std::min<std::uint32_t>(maxBytes == 0 ? 65536 : maxBytes, 65536));
    auto bytes = buffer.asPtr();
    return input->tryRead(bytes.begin(), 1, bytes.size())
        .then([buffer = kj::mv(buffer)](std::size_t size) mutable {
          return kj::heapArray<kj::byte>(buffer.slice(0, size));
        });
  }
  return kj::heapArray<kj::byte>(0);
}

kj::Promise<TerminalSize> JournalHost::resized() {
  KJ_IF_MAYBE (resized, resized_) return (*resized)();
  return kj::NEVER_DONE;
}

PluginIdentity identityOf(const LocatedPlugin& plugin) {
  return {plugin.bundle.name, plugin.manifest->reader().getVersion(), toHex(plugin.digest),
          plugin.bundle.executable.string()};
}

}  // namespace cairn::host
