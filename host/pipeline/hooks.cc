#include "host/pipeline/hooks.h"

#include <cairn/owned.h>
#include <host/broker/command.h>
#include <host/project/resolve_settings.h>

#include <chrono>

extern char** environ;

namespace cairn::host {
namespace {

ProcessEnvironment environmentFor(const RunState& run, const HookPlace& place) {
  ProcessEnvironment out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    std::string_view text(*entry);
    if (auto equals = text.find('='); equals != std::string_view::npos)
      out.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  out.emplace_back("CAIRN_PROJECT", run.plan.getProject());
  out.emplace_back("CAIRN_WORKSPACE", run.plan.getWorkspace());
  out.emplace_back("CAIRN_APP", place.app);
  out.emplace_back("CAIRN_STAGE", place.stage);
  return out;
}

Result<std::vector<std::string>> wordsOf(wire::Plan::Hook::Reader hook, const Scope& scope) {
  std::vector<std::string> words;
  for (auto word : hook.getRun()) {
    Owned<wire::Setting> literal;
    auto resolved = resolveAtRun(word, scope, *literal);
    if (!resolved) return std::move(resolved).error().front();
    if (!resolved->secretPaths.empty()) return secretInHook("the `run` of a hook");
    words.push_back(datumText(readDatum(literal.reader())));
  }
  if (words.empty()) return Error{ErrorKind::Config, "hook-failed", "a hook has nothing to run", {}, {}};
  return words;
}

// What tells one hook from another: its first words.
std::string titleOf(const std::vector<std::string>& argv) {
  constexpr std::size_t kLongest = 60;
  std::string text;
  for (const std::string& word : argv) text += (text.empty() ? "" : " ") + word;
  std::size_t end = std::min(text.size(), text.find('\n'));
  if (end > kLongest) end = kLongest;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return "the hook '" + text.substr(0, end) + (end < text.size() ? "…'" : "'");
}

}  // namespace

Error secretInHook(const std::string& setting) {
  return Error{ErrorKind::Config,
               "secret-in-arguments",
               setting + " would hold a secret, and everyone on the machine can read a command's arguments",
               "a hook sees cairn's own environment: let the command read the secret there",
               {}};
}

Result<void> runHooks(kj::WaitScope& wait, RunState& run, const Emitter& emitter,
                      wire::Plan::Stage::Reader stage, wire::Plan::Hook::When when, const Scope& scope,
                      const HookPlace& place) {
  for (auto hook : stage.getHooks()) {
    if (hook.getWhen() != when) continue;
    Command command;
    command.argv = CAIRN_TRY(wordsOf(hook, scope));
    command.folder = place.folder;
    command.environment = environmentFor(run, place);
    command.cut = run.context.masking.cut;
    if (hook.getTimeoutMs() > 0) command.timeout = hook.getTimeoutMs() * kj::MILLISECONDS;
    const std::string title = titleOf(command.argv);
    auto tell = [&emitter](bool isStderr, std::string line) {
      line += '\n';
      emitter.emit([&](wire::Event::Builder event) {
        auto output = event.initOutput();
        output.setStream(isStderr ? wire::Stream::STDERR : wire::Stream::STDOUT);
        output.setBytes(kj::StringPtr(line.c_str(), line.size()).asBytes());
      });
    };
    auto end = runCommand(std::move(command), run.context.io, tell, run.context.whenCancelled()).wait(wait);
    std::optional<Error> error;
    if (!end) {
      error = std::move(end).error();
    } else if (end->exitCode != 0) {
      error = Error{ErrorKind::Failed, "hook-failed", title + " " + end->text, {}, end->tail};
    }
    if (!error) continue;
    if (error->kind == ErrorKind::Cancelled || hook.getOnFailure() == wire::Plan::Hook::OnFailure::FAIL) {
      return std::move(*error).context(std::string("running a hook ") +
                                       (when == wire::Plan::Hook::When::BEFORE ? "before" : "after") +
                                       " the " + place.stage);
    }
    emitter.diagnostic(*error, wire::Diagnostic::Severity::WARNING);
  }
  return {};
}

}  // namespace cairn::host
