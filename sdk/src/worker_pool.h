#pragma once
// Threads for authors' functions: none until the first task, one for each task that runs at the same time,
// kept for later ones.

#include <kj/common.h>
#include <kj/function.h>
#include <kj/thread.h>
#include <kj/vector.h>

#include <condition_variable>
#include <mutex>
#include <queue>

namespace cairn::detail {

class WorkerPool {
 public:
  WorkerPool() = default;
  // Waits for the tasks that run.
  ~WorkerPool();
  KJ_DISALLOW_COPY(WorkerPool);

  // Called on one thread only. The task must not throw.
  void run(kj::Function<void()> task);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::queue<kj::Function<void()>> tasks_;
  std::size_t idle_ = 0;
  bool stopping_ = false;
  kj::Vector<kj::Own<kj::Thread>> threads_;
};

}  // namespace cairn::detail
