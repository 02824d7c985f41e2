#pragma once
// Starts and stops services for a test, as detached as cairn starts them.

#include <kj/async-io.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::testing::detail {

struct RunningService {
  std::string name;
  int pid = 0;
  std::uint64_t startTime = 0;
  std::filesystem::path output;
  std::uint64_t resource = 0;
};

class Services {
 public:
  Services(std::filesystem::path outputDir, kj::Timer& timer)
      : outputDir_(std::move(outputDir)), timer_(timer) {}
  ~Services();  // kills what still runs

  RunningService& start(const std::string& name, const std::vector<std::string>& argv,
                        const std::vector<std::string>& environment, const std::string& input);
  RunningService* find(const std::string& name);
  // Also takes the exit status of one that has ended.
  bool running(const RunningService& service);
  kj::Promise<void> stop(const std::string& name, kj::Duration grace);

 private:
  kj::Promise<void> waitForEnd(int pid, kj::TimePoint killAt);

  std::filesystem::path outputDir_;
  kj::Timer& timer_;
  std::map<std::string, RunningService> services_;
  std::map<int, bool> ended_;
};

}  // namespace cairn::testing::detail
