#pragma once
// Words for this room's tests: a folder that goes away, a clock moved by hand, records in a line, other
// processes.

#include <cairn/owned.h>
#include <host/store/id.h>
#include <host/store/sqlite_store.h>

#include <gtest/gtest.h>
#include <kj/async-io.h>
#include <kj/debug.h>

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

namespace cairn::host {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "cairn-store-XXXXXX").string();
    KJ_ASSERT(mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }

  std::string path;
};

class HandClock final : public kj::Clock {
 public:
  kj::Date now() const override { return kj::UNIX_EPOCH + ms * kj::MILLISECONDS; }
  int64_t ms = 1'700'000'000'000;
};

// A store on a file and the loop it is asked from.
class TestStore {
 public:
  explicit TestStore(const std::string& folder, uint32_t maxPages = 0)
      : io(kj::setupAsyncIo()),
        store(openSqliteStore(
            {.path = folder + "/cairn.db", .lockFolder = folder + "/locks", .maxPages = maxPages}, clock)) {}

  template <typename T>
  Result<T> wait(kj::Promise<Result<T>> promise) {
    return promise.wait(io.waitScope);
  }
  // The value, where anything else is the test's own failure.
  template <typename T>
  T get(kj::Promise<Result<T>> promise) {
    auto result = promise.wait(io.waitScope);
    KJ_ASSERT(result.has_value(), result.error().code.c_str(), result.error().message.c_str());
    return cairn::detail::takeValue(std::move(result));
  }

  Run beginRun(Actor actor = currentActor("cairn up")) {
    Run run{.id = newId(clock),
            .project = "shop",
            .workspace = "prod",
            .actor = std::move(actor),
            .startedUnixMs = clock.ms};
    get(store->beginRun(run));
    return run;
  }

  StoredRecord begin(wire::RecordKind kind, const std::string& app = "web", const std::string& runId = "") {
    Owned<wire::Record> record;
    record->setId(newId(clock));
    record->setKind(kind);
    record->setProject("shop");
    record->setApp(app);
    record->setWorkspace("prod");
    record->setRunId(runId);
    return get(store->beginRecord(record.reader()));
  }

  void setState(const StoredRecord& record, wire::Record::State state, const std::string& byRun = "") {
    Owned<wire::Record> changed(record.reader());
    changed->setState(state);
    get(store->updateRecord(changed.reader(), byRun));
  }

  HandClock clock;
  kj::AsyncIoContext io;
  kj::Own<Store> store;
};

// Runs `body` in a process of its own; its answer is the exit status, 99 where it threw.
inline pid_t startProcess(const std::function<int()>& body) {
  pid_t pid = fork();
  KJ_ASSERT(pid >= 0);
  if (pid > 0) return pid;
  int status = 99;
  try {
    status = body();
  } catch (const kj::Exception& exception) {
    fprintf(stderr, "%s\n", exception.getDescription().cStr());
  }
  _exit(status);
}

// Exit status, or 128 + signal.
inline int waitFor(pid_t pid) {
  int status = 0;
  KJ_ASSERT(waitpid(pid, &status, 0) == pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace cairn::host
