#pragma once
// What a plugin function may use while it runs: the user's terminal, the journal, services, secrets.
//
// Everything here blocks the calling thread only, may be called from several threads, and is revoked when the
// call ends: do not keep it. All of it is safe to call after the host is gone. What is only shown then does
// nothing; what answers a Result has these errors: "host-gone" (the host is gone), "call-ended" (used after
// the call), "host-refused" (the host's own error, in its words: its store can't be written, a service can't
// be started). Hand them up; the host knows what it said and tells that. A call costs a message to the host
// and back; intend(), created() and removed() also a commit to disk, about a ms.

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

// A line "Pushing image …" that the user sees, with its state, until done() or fail() is called. One that
// goes out of scope without either is shown as failed where that happens during an exception, and where its
// thread begins no other step before the call ends with an error; else as done, once it begins another or the
// call ends. So fail() is needed only where a function goes on after what failed.
class Step {
 public:
  Step(Step&&) noexcept;
  Step& operator=(Step&&) = delete;
  ~Step();

  void update(std::string_view title);  // another title while it goes on
  // `total` 0: not known. `unit` is "bytes", "layers", … May be called for every small piece: what follows
  // within 40 ms is left out.
  void progress(std::uint64_t current, std::uint64_t total, std::string_view unit = "bytes");
  // The first of these two stands. An empty title keeps the one there is.
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
  std::string name;                                              // unique in the deployment or release
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

  // --- what the user sees ---

  // Opens a step; several may be open at a time. A function without steps shows only that its stage runs.
  Step step(std::string_view title) const;
  // Shown at once, each row a line, as many cells as columns; then pairs, a line each.
  void table(const std::vector<std::string>& columns,
             const std::vector<std::vector<std::string>>& rows) const;
  void namedValues(const std::vector<std::pair<std::string, std::string>>& values) const;
  // Raw bytes of a build or an exec'd program, as they came. Waits while the host has too much of it unread.
  void output(Stream stream, std::string_view bytes) const;
  // For the log file and for -v; warnings and errors are always shown. Returns at once.
  void log(LogLevel level, std::string_view message) const;
  // One line of the app's own log: the answer of a `logs` function, and the end of the log when a deploy
  // fails.
  void logLine(const LogEntry& entry) const;

  // --- stopping ---

  // The run was stopped, or the deadline has passed. The function is to clean up and return cancelledError()
  // soon: after a grace its process is killed.
  bool cancelled() const;
  // Readable once the call was cancelled: for poll() beside a socket. Owned by the call.
  int cancelFd() const;
  // Waits so long, or until cancelled; true if cancelled.
  bool sleep(std::chrono::milliseconds time) const;
  // How long the host still waits for the answer, 0 when it is over; none where it set no limit.
  std::optional<std::chrono::milliseconds> remaining() const;
  // The error to return once cancelled() is true.
  Error cancelledError() const;

  // --- folders ---

  // Absolute, and there; valid as long as the call. workDir() is this call's own, a temporary folder that is
  // removed at its end. The other two are the plugin's: all its calls and processes share them, those of
  // other projects too, so write under a name of the deployment's, or rename what is whole. What is in
  // cacheDir() is kept between runs, but its user may clear it when nothing runs; in dataDir() it is kept as
  // long as the records.
  const std::filesystem::path& workDir() const;
  const std::filesystem::path& cacheDir() const;
  const std::filesystem::path& dataDir() const;
  // The folder of the plugin's own executable: programs it ships.
  const std::filesystem::path& bundleDir() const;

  // --- journal ---

  // In deploy and release. Called before an outside act that makes something; returns when the host has it on
  // disk. An error means: don't act. `name` is derived from the deployment's id, so that it can be found
  // again when the answer to the act is lost; a name of this kind that is there already gives the same
  // resource.
  Result<Resource> intend(std::string_view kind, std::string_view name) const;
  // It exists: `id` is what the outside calls it, `state` what the plugin needs to find or remove it (no
  // secrets). May be called again with another state. `resource` then has both.
  Result<void> created(Resource& resource, std::string_view id, std::string_view state = {}) const;
  // It is gone, or turned out never to have been made. Once for each: resources() has it no more.
  Result<void> removed(const Resource& resource) const;
  // All that was intended for this deployment and not removed, in that order; also after a crash. A releaser
  // gets what it made for all releases of the app in the workspace, since they share an address.
  Result<std::vector<Resource>> resources() const;

  // --- services ---

  // They need Plugin::needsServices(). The host journals the service as a resource of kind "service" and
  // starts it detached: it outlives the run, not the machine. Returns once it was started, which says nothing
  // about whether it works.
  Result<ServiceProcess> startService(const ServiceSpec& spec) const;
  // The one of this name that this deployment (a releaser: the app) has; none where there is none.
  Result<std::optional<ServiceProcess>> findService(std::string_view name) const;
  // SIGTERM to its process group, after the grace SIGKILL; waits until it is gone, then its resource is
  // marked removed. True if it was running; false also where there is none.
  Result<bool> stopService(std::string_view name, std::chrono::milliseconds grace) const;

  // --- secrets ---

  // What the settings name by reference; none where it is not set. Each use is an event, and the value is
  // masked in all that the run shows. Never to be put into argv, a journal's state or a file.
  Result<std::optional<std::string>> secret(std::string_view name) const;

  // --- logs and exec only ---

  LogRequest logRequest() const;                      // logs: what to give; the answer goes through logLine()
  const std::vector<std::string>& arguments() const;  // exec: the command; the answer is its exit code
  Tty tty() const;                                    // columns 0: not a terminal
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
