#include "null_behaviour.h"

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <thread>

namespace cairn::plugins::null {
namespace {

void speak(const Call& call, Settings::Reader settings) {
  if (settings.hasPrint()) std::printf("%s\n", settings.getPrint().cStr());
  if (settings.hasPrintError()) std::fprintf(stderr, "%s\n", settings.getPrintError().cStr());
  if (settings.hasOutput()) call.output(Stream::Stdout, text(settings.getOutput()) + "\n");
  if (settings.hasSecret()) {
    call.output(Stream::Stdout, "secret: " + text(settings.getSecret()) + "\n");
    call.log(LogLevel::Info, "secret: " + text(settings.getSecret()));
  }
  for (std::uint32_t i = 1; i <= settings.getSteps(); ++i) {
    auto step = call.step("Doing nothing, part " + std::to_string(i));
    step.progress(i, settings.getSteps(), "parts");
  }
}

void pour(const Call& call, std::uint64_t bytes) {
  std::string lines;
  for (int i = 0; i < 1024; ++i) lines += std::string(63, 'a' + i % 26) + '\n';
  while (bytes > 0) {
    auto piece = std::string_view(lines).substr(0, bytes);
    call.output(Stream::Stdout, piece);
    bytes -= piece.size();
  }
}

// It keeps the process's group and streams, as whatever a library starts does.
void startInBackground(Settings::Reader settings) {
  if (!settings.hasBackground()) return;
  const std::string command = text(settings.getBackground());
  const char* words[] = {"sh", "-c", command.c_str(), nullptr};
  if (::fork() != 0) return;
  ::execvp(words[0], const_cast<char**>(words));
  ::_exit(127);
}

Result<void> readSecret(const Call& call, Settings::Reader settings) {
  if (!settings.hasReadSecret()) return {};
  auto name = text(settings.getReadSecret());
  auto value = CAIRN_TRY(call.secret(name));
  if (!value)
    return Error{.kind = ErrorKind::NotFound, .code = "null/no-secret", .message = "no secret " + name};
  call.log(LogLevel::Info, name + " is " + *value);
  return {};
}

Result<void> wait(const Call& call, Settings::Reader settings) {
  std::chrono::milliseconds time{settings.getSleepMs()};
  if (settings.getIgnoreCancel())
    std::this_thread::sleep_for(time);
  else if (call.sleep(time))
    return call.cancelledError();
  return {};
}

void die(Settings::Reader settings) {
  if (settings.getSignal() != 0) ::kill(::getpid(), settings.getSignal());
  if (settings.getExitCode() >= 0) ::_exit(settings.getExitCode());
}

// What comes before the wait, and what after.
Result<void> begin(const Call& call, Settings::Reader settings) {
  speak(call, settings);
  startInBackground(settings);
  pour(call, settings.getOutputBytes());
  return readSecret(call, settings);
}

Result<void> end(Settings::Reader settings) {
  std::fflush(stdout);
  die(settings);
  if (settings.hasThrow()) throw std::runtime_error(settings.getThrow().cStr());
  if (settings.hasRefuse()) {
    return Error{.kind = ErrorKind::Refused, .code = "null/refused", .message = text(settings.getRefuse())};
  }
  if (settings.hasFail()) {
    return Error{.kind = ErrorKind::Failed,
                 .code = "null/failed",
                 .message = text(settings.getFail()),
                 .hint = "remove `fail` from the stage's table",
                 .settingPath = "fail"};
  }
  return {};
}

}  // namespace

Result<void> behave(const Call& call, Settings::Reader settings) {
  CAIRN_TRY(begin(call, settings));
  CAIRN_TRY(wait(call, settings));
  return end(settings);
}

Result<void> behaveAtOnce(const Call& call, Settings::Reader settings) {
  CAIRN_TRY(begin(call, settings));
  return end(settings);
}

Result<void> checkSettings(Settings::Reader settings) {
  if (!settings.hasFailCheck()) return {};
  return Error{.kind = ErrorKind::Config,
               .code = "null/check-failed",
               .message = text(settings.getFailCheck()),
               .settingPath = "fail_check"};
}

}  // namespace cairn::plugins::null
