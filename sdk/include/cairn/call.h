#pragma once
// What a plugin function may use while it runs: the user's terminal, the journal, services, secrets.
//
// Everything here blocks the calling thread only, may be called from several threads, and is revoked when the
// call ends: do not keep it. All of it is safe to call after the host is gone; results then say so.

#include <cairn/base/result.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn {

enum class Stream { Stdout, Stderr };
enum class LogLevel { Trace, Debug, Info, Warn, Error };

namespace detail {
class CallChannel;  // the way to the host; implemented in the SDK
}

// A line "Pushing image …" that the user sees, with its state. Unless done() or fail() was called it ends, as
// done, when it goes out of scope, and as failed when that happens during an exception.
class Step {
 public:
  Step(Step&&) noexcept;
  Step& operator=(Step&&) = delete;
  ~Step();

  void update(std::string_view title);
  // `total` 0: not known. `unit` is "bytes", "layers", …
  void progress(std::uint64_t current, std::uint64_t total, std::string_view unit = "bytes");
  void done(std::string_view title = {});
  void fail(std::string_view title = {});

 private:
  friend class Call;
  struct State;
  explicit Step(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// A thing outside that was intended or made for the deployment or release this call is about.
struct Resource {
  std::uint64_t handle = 0;  // what created() and removed() take
  std::string kind;          // "container"
  std::string name;          // derived from the deployment's id
  std::string id;            // the outside's own id; empty: intended only, it may or may not exist
  std::string state;         // whatever the plugin wrote down
};

struct ServiceSpec {
  std::string name;
  std::vector<std::string> argv;                                 // argv[0] is an absolute path
  std::vector<std::pair<std::string, std::string>> environment;  // just this
  std::string input;  // read by the program from descriptor 3 to its end; the place for secrets
};

// A process that outlives the run.
struct ServiceProcess {
  std::string name;
  int pid = 0;
  std::uint64_t startTime = 0;   // with the pid it is unique until the next boot
  std::filesystem::path output;  // its stdout and stderr
  bool running = false;
  Resource resource;
};

struct LogRequest {
  bool follow = false;
  std::uint32_t tail = 0;              // last lines first; 0: all
  std::chrono::milliseconds since{0};  // since the epoch; 0: from the beginning
};

struct LogEntry {
  std::chrono::milliseconds time{0};  // since the epoch; 0: not known
  Stream stream = Stream::Stdout;
  std::string instance;  // which container or process; may be empty
  std::string text;      // without the line's end
};

struct Tty {
  std::uint16_t columns = 0;
  std::uint16_t rows = 0;
  std::string term = {};  // the user's TERM; may be empty
};

class Call {
 public:
  explicit Call(std::shared_ptr<detail::CallChannel> channel);
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  // --- what the user sees
  // -------------------------------------------------------------------------------------------
  Step step(std::string_view title) const;
  void table(const std::vector<std::string>& columns,
             const std::vector<std::vector<std::string>>& rows) const;
  void namedValues(const std::vector<std::pair<std::string, std::string>>& values) const;
  // Raw bytes of a build or an exec'd program, as they came. Waits while the host has too much of it unread.
  void output(Stream stream, std::string_view bytes) const;
  void log(LogLevel level, std::string_view message) const;
  // One line of the app's own log: the answer of a `logs` function, and the end of the log when a deploy
  // fails.
  void logLine(const LogEntry& entry) const;

  // --- stopping
  // -----------------------------------------------------------------------------------------------------
  bool cancelled() const;
  // Readable once the call was cancelled: for poll() beside a socket. Owned by the call.
  int cancelFd() const;
  // Waits so long, or until cancelled; true if cancelled.
  bool sleep(std::chrono::milliseconds time) const;
  // How long the host still waits for the answer; none where it set no limit.
  std::optional<std::chrono::milliseconds> remaining() const;
  // The error to return once cancelled() is true.
  Error cancelledError() const;

  // --- folders
  // ------------------------------------------------------------------------------------------------------
  const std::filesystem::path& workDir() const;   // this call's own; removed at its end
  const std::filesystem::path& cacheDir() const;  // the plugin's, kept between runs
  const std::filesystem::path& dataDir() const;   // the plugin's, kept as long as the records
  // The folder of the plugin's own executable: programs it ships.
  const std::filesystem::path& bundleDir() const;

  // --- journal
  // ------------------------------------------------------------------------------------------------------
  // Called before an outside act that makes something; returns when the host has it on disk. An error means:
  // don't act.
  Result<Resource> intend(std::string_view kind, std::string_view name) const;
  Result<void> created(Resource& resource, std::string_view id, std::string_view state = {}) const;
  Result<void> removed(const Resource& resource) const;
  // All that was intended for this deployment or release and not removed; also after a crash.
  Result<std::vector<Resource>> resources() const;

  // --- services, secrets
  // -------------------------------------------------------------------------------------------- Needs
  // Plugin::needsServices(). The host journals it as a resource of kind "service" and starts it detached.
  Result<ServiceProcess> startService(const ServiceSpec& spec) const;
  Result<std::optional<ServiceProcess>> findService(std::string_view name) const;
  // SIGTERM to its process group, after the grace SIGKILL; then its resource is marked removed. True if it
  // was running.
  Result<bool> stopService(std::string_view name, std::chrono::milliseconds grace) const;
  Result<std::optional<std::string>> secret(std::string_view name) const;

  // --- logs and exec only
  // -------------------------------------------------------------------------------------------
  LogRequest logRequest() const;
  const std::vector<std::string>& arguments() const;
  Tty tty() const;  // columns 0: not a terminal
  // The user's stdin; empty means its end. Waits; returns an error of kind Cancelled once cancelled.
  Result<std::string> readInput(std::size_t maxBytes = 64 * 1024) const;
  // Waits until the user's terminal has another size. Nothing once the call was cancelled or the input has
  // ended, nor where the host can't tell.
  std::optional<Tty> resized() const;
  // Lets a readInput() or resized() under way in another thread, and all later ones, answer that there is no
  // more: the program that wanted it has ended.
  void endInput() const;

 private:
  std::shared_ptr<detail::CallChannel> channel_;
};

}  // namespace cairn
