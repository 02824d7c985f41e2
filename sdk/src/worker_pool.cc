#include "sdk/src/worker_pool.h"

namespace cairn::detail {

WorkerPool::~WorkerPool() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  threads_.clear();  // joins
}

void WorkerPool::run(kj::Function<void()> task) {
  bool startThread;
  {
    std::lock_guard lock(mutex_);
    tasks_.push(kj::mv(task));
    startThread = tasks_.size() > idle_;
  }
  if (startThread) {
    threads_.add(kj::heap<kj::Thread>([this] { work(); }));
  } else {
    wake_.notify_one();
  }
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    wake_.wait(lock, [&] { return stopping_ || !tasks_.empty(); });
    --idle_;
    if (tasks_.empty()) return;
    auto task = kj::mv(tasks_.front());
    tasks_.pop();
    lock.unlock();
    task();
    lock.lock();
  }
}

}  // namespace cairn::detail
