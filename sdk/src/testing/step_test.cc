#include <cairn/testing/plugin_harness.h>
#include <cairn/types.capnp.h>

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

namespace cairn {
namespace {

using testing::Op;

using Build = Result<Owned<wire::Url>> (*)(const Call&);

// How the steps of a build ended: "first: done", "second: failed".
std::vector<std::string> stepsOf(Build build) {
  Plugin plugin("steps");
  plugin.builder(build);
  testing::PluginHarness harness(std::move(plugin));
  (void)harness.call(Op::BUILD).result<wire::Url>();
  std::vector<std::string> out;
  for (auto& step : harness.record().steps)
    out.push_back(step.title + (step.done ? ": done" : step.failed ? ": failed" : ": open"));
  return out;
}

using Steps = std::vector<std::string>;

Result<int> unanswered() {
  return Error{.kind = ErrorKind::Failed, .code = "steps/no-answer", .message = "nobody answers"};
}

TEST(Step, ThatGoesOutOfScopeIsDoneWhereTheCallSucceeds) {
  EXPECT_EQ(stepsOf([](const Call& call) -> Result<Owned<wire::Url>> {
              auto step = call.step("first");
              return Owned<wire::Url>();
            }),
            Steps{"first: done"});
}

TEST(Step, ThatIsLeftWithAnErrorFailed) {
  EXPECT_EQ(stepsOf([](const Call& call) -> Result<Owned<wire::Url>> {
              auto step = call.step("first");
              CAIRN_TRY(unanswered());
              return Owned<wire::Url>();
            }),
            Steps{"first: failed"});
}

TEST(Step, ThatIsLeftWithARefusalFailed) {
  EXPECT_EQ(stepsOf([](const Call& call) -> Result<Owned<wire::Url>> {
              auto step = call.step("first");
              return Error{.kind = ErrorKind::Refused, .code = "steps/no", .message = "no"};
            }),
            Steps{"first: failed"});
}

TEST(Step, ThatIsLeftByAnExceptionFailed) {
  EXPECT_EQ(stepsOf([](const Call& call) -> Result<Owned<wire::Url>> {
              auto step = call.step("first");
              throw std::runtime_error("broken");
            }),
            Steps{"first: failed"});
}

TEST(Step, OfAnExceptionThatIsCaughtFailedThoughTheCallSucceeds) {
  EXPECT_EQ(stepsOf([](const Call& call) -> Result<Owned<wire::Url>> {
              try {
                auto step = call.step("first");
                throw std::runtime_error("broken");
              } catch (const std::exception&) {
              }
              return Owned<wire::Url>();
            }),
            Steps{"first: failed"});
}

TEST(Step, OnlyTheLastOneFailsWhereTheCallWentOnAfterTheOthers) {
  EXPECT_EQ(stepsOf([](const Call& call) -> Result<Owned<wire::Url>> {
              { auto step = call.step("first"); }
              auto step = call.step("second");
              CAIRN_TRY(unanswered());
              return Owned<wire::Url>();
            }),
            (Steps{"first: done", "second: failed"}));
}

TEST(Step, WhatAnotherThreadBeginsTellsNothingAboutIt) {
  EXPECT_EQ(stepsOf([](const Call& call) -> Result<Owned<wire::Url>> {
              { auto step = call.step("first"); }
              std::thread([&] { call.step("second").done(); }).join();
              CAIRN_TRY(unanswered());
              return Owned<wire::Url>();
            }),
            (Steps{"first: failed", "second: done"}));
}

TEST(Step, WhatItsAuthorSaidStands) {
  EXPECT_EQ(stepsOf([](const Call& call) -> Result<Owned<wire::Url>> {
              call.step("first").done();
              call.step("second").fail();
              CAIRN_TRY(unanswered());
              return Owned<wire::Url>();
            }),
            (Steps{"first: done", "second: failed"}));
}

}  // namespace
}  // namespace cairn
