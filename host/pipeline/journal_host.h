#pragma once
// A call's way to the journal, the events and the secrets: the pipeline's side of CallHost.

#include <host/pipeline/context.h>
#include <host/pipeline/emitter.h>

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace cairn::host {

// Whose resources a call sees.
struct JournalScope {
  // New ones are written down under this record. None for a check, which makes nothing: its journal is empty.
  std::string recordId;
  // A release's: it sees those of all releases of its app, since the address in front of an app outlives each
  // of them.
  bool allReleases = false;
  AppScope app;
  PluginIdentity plugin;
};

// Lives longer than the call it serves.
class JournalHost final : public CallHost {
 public:
  JournalHost(PipelineContext& context, Emitter emitter, JournalScope scope)
      : context_(context), emitter_(std::move(emitter)), scope_(std::move(scope)) {}

  // Where an exec's stdin comes from. Outlives the call.
  void setInput(kj::AsyncInputStream& input) { input_ = input; }
  // Where it is told that the user's terminal has another size.
  void setResized(kj::Function<kj::Promise<TerminalSize>()> resized) { resized_ = kj::mv(resized); }
  void setSecrets(std::function<std::optional<std::string>(const std::string&)> lookUp) {
    lookUp_ = std::move(lookUp);
  }

  void emit(kj::FunctionParam<void(wire::Event::Builder)> fill) override;
  // Ctrl-C came before the call, which cleans up: its steps go their way.
  void goOnWhenCancelled() { cancellable_ = false; }
  // The last lines of the app's own log that the call told, one a line.
  std::string lastLogLines() const;
  std::string recordId() const override { return scope_.recordId; }
  kj::Promise<Result<std::uint64_t>> intend(std::string kind, std::string name) override;
  kj::Promise<Result<void>> created(std::uint64_t handle, std::string id, std::string state) override;
  kj::Promise<Result<void>> removed(std::uint64_t handle) override;
  kj::Promise<Result<std::vector<JournalEntry>>> resources() override;
  Result<std::optional<std::string>> secret(const std::string& name) override;
  kj::Promise<kj::Array<kj::byte>> readInput(std::uint32_t maxBytes) override;
  kj::Promise<TerminalSize> resized() override;

 private:
  Result<void> withoutSecret(const std::string& text, const std::string& what) const;
  std::vector<JournalEntry> remembered(std::vector<JournalEntry> entries);

  PipelineContext& context_;
  Emitter emitter_;
  JournalScope scope_;
  std::deque<std::string> logLines_;
  kj::Maybe<kj::AsyncInputStream&> input_;
  kj::Maybe<kj::Function<kj::Promise<TerminalSize>()>> resized_;
  std::function<std::optional<std::string>(const std::string&)> lookUp_;
  bool cancellable_ = true;
  // The plugin was told their handles, and may speak of no others: another app's resources have numbers too.
  std::map<std::uint64_t, JournalEntry> known_;
};

PluginIdentity identityOf(const LocatedPlugin& plugin);

}  // namespace cairn::host
