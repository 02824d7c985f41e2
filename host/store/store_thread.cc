#include "host/store/store_thread.h"

#include "host/store/open_database.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>

namespace cairn::host {
namespace {

// Signals are for the loop's thread; a thread starts with its maker's mask.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    for (int fault : {SIGBUS, SIGSEGV, SIGFPE, SIGILL, SIGABRT}) sigdelset(&all, fault);
    pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

// Where it is only that the file or its folder refuses us, what to do is said by `notWritable`; a store of a
// newer Cairn or a damaged one would not be read there either.
Error whyNotRead(const Error& why, const Error& notWritable) {
  if (why.code != "store-read-only" && why.code != "state-folder") return why;
  Error out = notWritable;
  out.detail = why.message;
  return out;
}

}  // namespace

StoreThread::StoreThread(SqliteStoreOptions options, const kj::Clock& clock)
    : options_(std::move(options)), clock_(clock) {}

StoreThread::~StoreThread() noexcept(false) {
  queue_.lockExclusive()->closed = true;
  thread_ = nullptr;  // joins
}

void StoreThread::add(kj::Own<Job> job) {
  queue_.lockExclusive()->jobs.add(kj::mv(job));
  if (thread_ == nullptr) start();
}

void StoreThread::start() {
  SignalsBlocked inherited;
  thread_ = kj::heap<kj::Thread>([this]() { work(); });
}

void StoreThread::work() {
  for (;;) {
    Batch batch = queue_.when([](const Queue& queue) { return queue.closed || !queue.jobs.empty(); },
                              [](Queue& queue) { return kj::mv(queue.jobs); });
    if (batch.empty()) break;
    perform(batch);
  }
  database_.reset();
  readOnly_.reset();
}

void StoreThread::perform(Batch& batch) {
  Effect effect = Effect::Read;
  for (auto& job : batch) effect = std::max(effect, job->effect);
  // A store that nobody has written to yet reads as an empty one.
  std::optional<Database> nothing;
  bool missing = !database_ && effect == Effect::Read && access(options_.path.c_str(), F_OK) != 0;
  auto result = [&]() -> Result<void> {
    if (missing) nothing.emplace(CAIRN_TRY(openEmptyDatabase()));
    if (!missing && !database_) database_.emplace(CAIRN_TRY(openDatabase(options_, clock_)));
    return performInTransaction(missing ? *nothing : *database_, batch, effect);
  }();
  const bool notWritable = !result && !database_ && result.error().code == "store-read-only";
  if (notWritable) return performReads(batch, result.error());
  answer(batch, result);
}

void StoreThread::performReads(Batch& batch, const Error& notWritable) {
  Batch reads;
  for (auto& job : batch) {
    if (job->effect == Effect::Read)
      reads.add(kj::mv(job));
    else
      job->refuse(notWritable);
  }
  if (reads.empty()) return;
  if (!readOnly_) {
    auto opened = openReadOnlyDatabase(options_, clock_);
    if (!opened) return answer(reads, whyNotRead(opened.error(), notWritable));
    readOnly_.emplace(std::move(*opened));
  }
  answer(reads, performInTransaction(*readOnly_, reads, Effect::Read));
}

void StoreThread::answer(Batch& batch, const Result<void>& result) {
  for (auto& job : batch) {
    if (result) {
      job->answer();
    } else {
      job->refuse(result.error());
    }
  }
}

Result<void> StoreThread::performInTransaction(Database& database, Batch& batch, Effect effect) {
  CAIRN_TRY(begin(database, effect));
  auto result = [&]() -> Result<void> {
    for (auto& job : batch) {
      CAIRN_TRY(database.run("SAVEPOINT job"));
      const Error* error = job->perform(database);
      // A full disk or a damaged file ends the whole transaction, and with it what the others wrote.
      if (error != nullptr && !database.inTransaction()) return Error(*error);
      if (error != nullptr) CAIRN_TRY(database.run("ROLLBACK TO job"));
      CAIRN_TRY(database.run("RELEASE job"));
    }
    return database.run("COMMIT");
  }();
  if (!result && database.inTransaction()) (void)database.run("ROLLBACK");
  return result;
}

Result<void> StoreThread::begin(Database& database, Effect effect) {
  if (effect == Effect::Read) return database.run("BEGIN");
  if (effect != synchronous_) {
    CAIRN_TRY(database.run(effect == Effect::DurableWrite ? "PRAGMA synchronous = FULL"
                                                          : "PRAGMA synchronous = NORMAL"));
    synchronous_ = effect;
  }
  return database.run("BEGIN IMMEDIATE");
}

Error StoreThread::unreadable(const kj::Exception& exception) {
  return {.kind = ErrorKind::Failed,
          .code = "store-corrupt",
          .message = "something in the store can't be read",
          .hint = "put a backup in its place",
          .detail = exception.getDescription().cStr()};
}

}  // namespace cairn::host
