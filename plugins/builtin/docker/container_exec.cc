#include "container_exec.h"

#include "json_fields.h"
#include "log_frames.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>
#include <thread>

namespace cairn::plugins::docker {
namespace {

Result<std::string> createExec(const Engine& engine, const std::string& containerId,
                               const std::vector<std::string>& command, bool input, const Tty& tty) {
  const bool terminal = tty.columns > 0;
  Json request = {{"AttachStdin", input},
                  {"AttachStdout", true},
                  {"AttachStderr", true},
                  {"Tty", terminal},
                  {"Cmd", command}};
  if (terminal && !tty.term.empty()) request["Env"] = {"TERM=" + tty.term};
  auto made = engine.post(Target("/containers/" + containerId + "/exec"), request);
  if (!made && made.error().code == "docker/conflict") {
    return Error{.kind = ErrorKind::Failed,
                 .code = "docker/not-running",
                 .message = "can't run a command: the container does not run",
                 .hint = "look at `cairn status` and `cairn logs`",
                 .detail = made.error().message};
  }
  const Json json = CAIRN_TRY(std::move(made));
  return textAt(json, "Id");
}

// The stream may end a moment before the engine has noted that the program did.
Result<int> exitCodeOf(const Engine& engine, const std::string& id) {
  constexpr int kTries = 250;
  for (int tries = 0; tries < kTries; ++tries) {
    const Json state = CAIRN_TRY(engine.get(Target("/exec/" + id + "/json")));
    const auto code = state.find("ExitCode");
    if (code != state.end() && code->is_number()) return code->get<int>();
    if (!flagAt(state, "Running")) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return Error{.kind = ErrorKind::Failed,
               .code = "docker/engine-error",
               .message = "the Docker Engine does not say how the program in the container ended",
               .hint = "see its log: journalctl -u docker"};
}

Result<void> checkArguments(const std::vector<std::string>& command) {
  for (std::size_t i = 0; i < command.size(); ++i) {
    if (isUtf8(command[i])) continue;
    return Error{.kind = ErrorKind::Config,
                 .code = "docker/not-utf8",
                 .message = "the Docker Engine takes UTF-8 alone, but argument " + std::to_string(i + 1) +
                            " of the command has other bytes",
                 .hint = "write it in UTF-8, or let a shell in the container make it: printf '\\377'"};
  }
  return {};
}

Result<void> readAll(Hijacked& stream, FrameReader& frames) {
  for (;;) {
    const std::string bytes = CAIRN_TRY(stream.read());
    if (bytes.empty()) return {};
    frames.feed(bytes);
  }
}

// The user's stdin on its way to the program, in a thread of its own.
class InputPump {
 public:
  InputPump(const Call& call, Hijacked& stream)
      : call_(call), thread_([&call, &stream] { pump(call, stream); }) {}
  ~InputPump() {
    call_.endInput();
    thread_.join();
  }

 private:
  static void pump(const Call& call, Hijacked& stream) {
    for (;;) {
      auto bytes = call.readInput();
      if (!bytes || bytes->empty()) break;
      if (!stream.write(*bytes)) break;
    }
    stream.finishWriting();
  }

  const Call& call_;
  std::thread thread_;
};

// An exec that has just ended can't be resized, and need not be.
void resize(const Engine& engine, const std::string& exec, const Tty& size) {
  (void)engine.post(Target("/exec/" + exec + "/resize")
                        .with("h", std::to_string(size.rows))
                        .with("w", std::to_string(size.columns)));
}

// The sizes of the user's terminal on their way to the program's, in a thread of its own.
class ResizePump {
 public:
  ResizePump(const Call& call, const Engine& engine, const std::string& exec)
      : call_(call), thread_([&call, &engine, &exec] {
          while (const auto size = call.resized()) resize(engine, exec, *size);
        }) {}
  ~ResizePump() {
    call_.endInput();
    thread_.join();
  }

 private:
  const Call& call_;
  std::thread thread_;
};

// An engine answers a program that it can't start with text on the stream and 126 or 127 as the exit code, or
// with an error.
Result<int> notStarted(const Error& error) {
  Error out = error;
  out.code = "docker/exec-failed";
  out.hint = "look at the command's name: the image may have no such program";
  return out;
}

}  // namespace

Result<ExecAnswer> runInContainer(const Engine& engine, const std::string& containerId,
                                  const std::vector<std::string>& command) {
  const std::string id = CAIRN_TRY(createExec(engine, containerId, command, false, {}));
  auto stream =
      CAIRN_TRY(engine.hijack(Target("/exec/" + id + "/start"), {{"Detach", false}, {"Tty", false}}));
  ExecAnswer out;
  FrameReader frames(false, [&](Stream which, std::string_view bytes) {
    (which == Stream::Stdout ? out.out : out.err).append(bytes);
  });
  CAIRN_TRY(readAll(*stream, frames));
  out.exitCode = CAIRN_TRY(exitCodeOf(engine, id));
  return out;
}

Result<int> runForUser(const Call& call, const Engine& engine, const std::string& containerId) {
  const Tty tty = call.tty();
  const bool terminal = tty.columns > 0;
  CAIRN_TRY(checkArguments(call.arguments()));
  const std::string id = CAIRN_TRY(createExec(engine, containerId, call.arguments(), true, tty));
  auto hijacked = engine.hijack(Target("/exec/" + id + "/start"), {{"Detach", false}, {"Tty", terminal}});
  if (!hijacked) {
    if (hijacked.error().code.rfind("docker/engine-error", 0) == 0) return notStarted(hijacked.error());
    return std::move(hijacked).error();
  }
  if (terminal) resize(engine, id, tty);
  {
    InputPump input(call, **hijacked);
    std::optional<ResizePump> resizes;
    if (terminal) resizes.emplace(call, engine, id);
    FrameReader frames(terminal, [&](Stream stream, std::string_view bytes) { call.output(stream, bytes); });
    CAIRN_TRY(readAll(**hijacked, frames));
  }
  return exitCodeOf(engine, id);
}

}  // namespace cairn::plugins::docker
