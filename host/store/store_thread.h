#pragma once
// The thread that talks to SQLite, so that the caller's loop never waits for a disk.
//
// What is asked while a commit is under way goes into the next transaction together: apps that run side by
// side share their syncs.

#include <cairn/base/result.h>
#include <host/store/sqlite.h>
#include <host/store/sqlite_store.h>

#include <kj/async.h>
#include <kj/debug.h>
#include <kj/exception.h>
#include <kj/function.h>
#include <kj/mutex.h>
#include <kj/thread.h>
#include <kj/vector.h>

#include <optional>

namespace cairn::host {

// What a job does to the file, the greatest of a transaction's jobs counts.
enum class Effect {
  Read,
  Write,  // survives any end of the process; the machine's sudden end may take it, but never out of order
  DurableWrite,  // survives that, too, once it has been answered
};

class StoreThread {
 public:
  StoreThread(SqliteStoreOptions options, const kj::Clock& clock);
  // Finishes what was asked.
  ~StoreThread() noexcept(false);

  // Runs `work` on the thread, which the first call starts. It sees the writes of earlier calls. An error
  // that it returns undoes what it wrote, and only that.
  template <typename T>
  kj::Promise<Result<T>> run(Effect effect, kj::Function<Result<T>(Database&)> work) {
    auto paf = kj::newPromiseAndCrossThreadFulfiller<Result<T>>();
    add(kj::heap<TypedJob<T>>(effect, kj::mv(work), kj::mv(paf.fulfiller)));
    return kj::mv(paf.promise);
  }

 private:
  struct Job {
    explicit Job(Effect effect) : effect(effect) {}
    virtual ~Job() noexcept(false) = default;
    virtual const Error* perform(Database& database) = 0;  // null where its writes shall stay
    virtual void answer() = 0;                             // with what perform() made
    virtual void refuse(const Error& error) = 0;           // instead

    const Effect effect;
  };

  template <typename T>
  struct TypedJob final : Job {
    using Fulfiller = kj::Own<kj::CrossThreadPromiseFulfiller<Result<T>>>;

    TypedJob(Effect effect, kj::Function<Result<T>(Database&)> work, Fulfiller fulfiller)
        : Job(effect), work(kj::mv(work)), fulfiller(kj::mv(fulfiller)) {}

    const Error* perform(Database& database) override {
      KJ_IF_MAYBE (thrown, kj::runCatchingExceptions([&]() { result.emplace(work(database)); })) {
        result.emplace(unreadable(*thrown));
      }
      return result->has_value() ? nullptr : &result->error();
    }
    void answer() override { fulfiller->fulfill(std::move(*result)); }
    void refuse(const Error& error) override { fulfiller->fulfill(Result<T>(Error(error))); }

    kj::Function<Result<T>(Database&)> work;
    Fulfiller fulfiller;
    std::optional<Result<T>> result;
  };

  using Batch = kj::Vector<kj::Own<Job>>;
  struct Queue {
    Batch jobs;
    bool closed = false;
  };

  static Error unreadable(const kj::Exception& exception);
  void add(kj::Own<Job> job);
  void start();
  void work();
  void perform(Batch& batch);
  // Where the file can't be written to: answers the jobs that only read, refuses the others.
  void performReads(Batch& batch, const Error& notWritable);
  static void answer(Batch& batch, const Result<void>& result);
  Result<void> performInTransaction(Database& database, Batch& batch, Effect effect);
  Result<void> begin(Database& database, Effect effect);

  const SqliteStoreOptions options_;
  const kj::Clock& clock_;
  kj::MutexGuarded<Queue> queue_;
  std::optional<Database> database_;  // the thread's own
  std::optional<Database> readOnly_;  // instead, where that can't be written to
  Effect synchronous_ = Effect::DurableWrite;
  kj::Maybe<kj::Own<kj::Thread>> thread_;
};

}  // namespace cairn::host
