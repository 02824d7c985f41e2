#pragma once
// The host's side of a call in a test: it writes down all it is told.

#include <cairn/call.capnp.h>
#include <cairn/testing/plugin_harness.h>

#include <kj/async-io.h>

#include <map>
#include <mutex>

namespace cairn::testing::detail {

// Shared by the loop that writes and the test that reads.
class Notes {
 public:
  // Runs `use(Record&)` under the lock.
  template <typename Use>
  auto with(Use use) {
    std::lock_guard lock(mutex_);
    return use(record_);
  }
  std::map<std::string, std::string> secrets;  // written before the calls that ask

 private:
  std::mutex mutex_;
  Record record_;
};

class Services;

wire::Terminal::Client makeTerminal(Notes& notes);
wire::Journal::Client makeJournal(Notes& notes, std::string journal);
wire::Secrets::Client makeSecrets(Notes& notes);
wire::Input::Client makeInput(std::vector<std::string> pieces, bool staysOpen, std::vector<Tty> resizes);
wire::Services::Client makeServices(Services& services, Notes& notes, std::string journal);

// Adds a resource as intend() does.
std::uint64_t noteResource(Notes& notes, const std::string& journal, std::string kind, std::string name);

}  // namespace cairn::testing::detail
