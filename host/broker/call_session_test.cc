// What becomes of a plugin's requests when its call ends.

#include "host/broker/call_session.h"

#include <gtest/gtest.h>

#include <capnp/message.h>
#include <kj/async-io.h>

#include <memory>

namespace cairn::host {
namespace {

// Its store takes for ever; `working` is false once nobody waits for it.
class SlowHost final : public CallHost {
 public:
  explicit SlowHost(bool& working) : working_(working) {}

  void emit(kj::FunctionParam<void(wire::Event::Builder)>) override {}
  std::string recordId() const override { return "record"; }
  kj::Promise<Result<std::uint64_t>> intend(std::string, std::string) override {
    return forEver<Result<std::uint64_t>>();
  }
  kj::Promise<Result<void>> created(std::uint64_t, std::string, std::string) override {
    return forEver<Result<void>>();
  }
  kj::Promise<Result<void>> removed(std::uint64_t) override { return forEver<Result<void>>(); }
  kj::Promise<Result<std::vector<JournalEntry>>> resources() override {
    return forEver<Result<std::vector<JournalEntry>>>();
  }
  Result<std::optional<std::string>> secret(const std::string&) override {
    return std::optional<std::string>();
  }
  kj::Promise<kj::Array<kj::byte>> readInput(std::uint32_t) override {
    return forEver<kj::Array<kj::byte>>();
  }

 private:
  template <typename T>
  kj::Promise<T> forEver() {
    working_ = true;
    return kj::Promise<T>(kj::NEVER_DONE).attach(kj::defer([&working = working_] { working = false; }));
  }

  bool& working_;
};

// One request that the host is at work for when the call ends.
template <typename Ask>
void endsWithTheCall(Ask ask) {
  auto io = kj::setupAsyncIo();
  bool working = false;
  SlowHost host(working);
  CallScope scope;
  scope.title = "deploy of web";
  scope.mayStartServices = true;
  scope.hasInput = true;
  CallSession session(host, std::move(scope), io.provider->getTimer(), io.unixEventPort);
  capnp::MallocMessageBuilder message;
  auto context = message.initRoot<wire::CallContext>();
  session.fill(context);

  auto asked = ask(context).eagerlyEvaluate(nullptr);
  EXPECT_FALSE(asked.poll(io.waitScope));
  ASSERT_TRUE(working);
  session.end();
  EXPECT_FALSE(working) << "the host may be gone when this goes on";
  auto problem = kj::runCatchingExceptions([&] { asked.wait(io.waitScope); });
  KJ_IF_MAYBE (exception, problem) {
    EXPECT_NE(std::string(exception->getDescription().cStr()).find("revoked: the deploy of web has ended"),
              std::string::npos);
  } else {
    ADD_FAILURE() << "an answer came from nowhere";
  }
}

TEST(CallSession, AnIntentionThatIsNotWrittenYetEndsWithTheCall) {
  endsWithTheCall([](auto context) { return context.getJournal().intendRequest().send().ignoreResult(); });
}

TEST(CallSession, AListOfResourcesEndsWithTheCall) {
  endsWithTheCall([](auto context) { return context.getJournal().resourcesRequest().send().ignoreResult(); });
}

TEST(CallSession, AServiceThatIsNotStartedYetEndsWithTheCall) {
  endsWithTheCall([](auto context) { return context.getServices().startRequest().send().ignoreResult(); });
}

TEST(CallSession, AReadOfTheUsersInputEndsWithTheCall) {
  endsWithTheCall([](auto context) { return context.getInput().readRequest().send().ignoreResult(); });
}

}  // namespace
}  // namespace cairn::host
