#pragma once
// The thread on which both ends of a harness live.

#include "sdk/src/definition.h"
#include "sdk/src/testing/recording_host.h"

#include <cairn/plugin.capnp.h>

#include <kj/async.h>
#include <kj/thread.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>

namespace cairn::testing::detail {

struct Pending {
  std::weak_ptr<Loop> loop;  // the loop's thread holds this too, and must not be the one that ends itself
  std::uint64_t callId = 0;

  std::mutex mutex;
  std::condition_variable wake;
  bool finished = false;
  Reply reply;

  void finish(Reply answer);
  Reply wait();
};

struct Loop : std::enable_shared_from_this<Loop> {
  explicit Loop(Plugin plugin);
  ~Loop();

  std::shared_ptr<Pending> start(CallSpec spec);
  void cancel(std::uint64_t callId);

  Plugin plugin;
  Notes notes;
  std::filesystem::path dir;        // all folders of this harness
  std::filesystem::path bundleDir;  // read by the first call

 private:
  struct Inside;  // what lives on the thread
  void run();

  std::mutex mutex_;
  std::condition_variable ready_;
  Inside* inside_ = nullptr;
  kj::Own<const kj::Executor> executor_;
  kj::Own<kj::Thread> thread_;
};

}  // namespace cairn::testing::detail
