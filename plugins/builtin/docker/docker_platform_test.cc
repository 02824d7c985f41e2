#include "docker_test_support.h"
#include "engine.h"

#include <nlohmann/json.hpp>

namespace cairn::plugins::docker {
namespace {

class DockerPlatformTest : public DockerTest {
 protected:
  Result<Owned<wire::Release>> release(const Owned<wire::Deployment>& deployment, const std::string& name) {
    return harness_->call(Op::RELEASE).input(deployment).journal(name).result<wire::Release>();
  }
  Result<void> destroy(const Owned<wire::Deployment>& deployment, unsigned sequence) {
    return harness_->call(Op::DESTROY)
        .input(deployment)
        .settings(quickStop())
        .journal(journal(sequence))
        .result<void>();
  }
  Result<void> destroyRelease(const Owned<wire::Release>& release, const std::string& name) {
    return harness_->call(Kind::RELEASER, Op::DESTROY).input(release).journal(name).result<void>();
  }
  std::string body(capnp::Text::Reader url) { return httpGet(text(url) + "/").body; }
  bool logged(const std::string& line) {
    for (const auto& entry : harness_->record().logLines) {
      if (entry.text == line) return true;
    }
    return false;
  }
  bool hasImage(const std::string& id) {
    return docker_->get("/images/" + id + "/json").find("\"Id\":\"" + id) != std::string::npos;
  }
  // Nothing may be left of a deployment in the journal either.
  bool journalIsEmpty() {
    for (const auto& resource : harness_->record().resources) {
      if (!resource.removed) return false;
    }
    return true;
  }
};

TEST_F(DockerPlatformTest, RunsAnAppFromBuildToDestroy) {
  auto first = deployed(app("one"), 1);
  EXPECT_EQ(body(first->getUrl()), "one\n");
  EXPECT_TRUE(eventually([&] {
    return harness_->call(Op::LOGS).input(first).logs({.tail = 5}).result<void>() && logged("serving one");
  }));
  EXPECT_EQ(harness_->record().logLines.back().instance, "web v1");
  auto code = harness_->call(Op::EXEC)
                  .input(first)
                  .arguments({"sh", "-c", "read word; echo got $word; exit 7"})
                  .standardInput({"x\n"})
                  .result<int>();
  ASSERT_TRUE(code) << code.error().message;
  EXPECT_EQ(*code, 7);
  EXPECT_NE(harness_->record().out.find("got x\n"), std::string::npos);
  auto firstRelease = release(first, "r1");
  ASSERT_TRUE(firstRelease) << firstRelease.error().message << firstRelease.error().detail;
  const std::string url = text((*firstRelease)->getUrl());
  EXPECT_EQ(httpGet(url + "/").body, "one\n");

  auto second = deployed(app("two"), 2);
  EXPECT_EQ(body(first->getUrl()), "one\n");
  EXPECT_EQ(body(second->getUrl()), "two\n");
  auto secondRelease = release(second, "r2");
  ASSERT_TRUE(secondRelease) << secondRelease.error().message;
  EXPECT_EQ(text((*secondRelease)->getUrl()), url);
  EXPECT_EQ(httpGet(url + "/").body, "two\n");

  auto rollback = release(first, "r3");
  ASSERT_TRUE(rollback) << rollback.error().message;
  EXPECT_EQ(httpGet(url + "/").body, "one\n");
  // An older release of the same deployment is not the one that serves.
  ASSERT_TRUE(destroyRelease(*firstRelease, "r1"));
  EXPECT_EQ(httpGet(url + "/").body, "one\n");

  ASSERT_TRUE(destroyRelease(*secondRelease, "r2"));
  ASSERT_TRUE(destroyRelease(*rollback, "r3"));
  EXPECT_EQ(harness_->record().steps.back().title, "Closing " + url);
  ASSERT_TRUE(destroy(first, 1));
  ASSERT_TRUE(destroy(first, 1));
  ASSERT_TRUE(destroy(second, 2));
  EXPECT_EQ(docker_->containers(), std::vector<std::string>());
  EXPECT_EQ(docker_->networks(), std::vector<std::string>());
  EXPECT_TRUE(journalIsEmpty());
}

TEST_F(DockerPlatformTest, FollowsTheLogUntilItIsCancelled) {
  auto deployment = deployed(app("one"), 1);
  auto following = harness_->call(Op::LOGS).input(deployment).logs({.follow = true}).start();
  EXPECT_TRUE(eventually([&] { return logged("serving one"); }));
  EXPECT_FALSE(following.finished());
  following.cancel();
  EXPECT_EQ(following.result<void>().error().kind, ErrorKind::Cancelled);
}

TEST_F(DockerPlatformTest, RunsACommandOnATerminalWhoseUserTypesNothing) {
  auto deployment = deployed(app("one"), 1);
  auto code = harness_->call(Op::EXEC)
                  .input(deployment)
                  .arguments({"sh", "-c", "test -t 0 && stty size"})
                  .tty({.columns = 91, .rows = 33})
                  .keepInputOpen()
                  .result<int>();
  ASSERT_TRUE(code) << code.error().message;
  EXPECT_EQ(*code, 0);
}

TEST_F(DockerPlatformTest, ACommandOnATerminalHasTheUsersTermAndFollowsItsSize) {
  auto deployment = deployed(app("one"), 1);
  auto code =
      harness_->call(Op::EXEC)
          .input(deployment)
          .arguments(
              {"sh", "-c", "test $TERM = screen && until [ \"$(stty size)\" = '50 120' ]; do sleep 1; done"})
          .tty({.columns = 91, .rows = 33, .term = "screen"})
          .resizedTo({.columns = 120, .rows = 50})
          .deadline(std::chrono::minutes(1))
          .keepInputOpen()
          .result<int>();
  ASSERT_TRUE(code) << code.error().message;
  EXPECT_EQ(*code, 0);
}

TEST_F(DockerPlatformTest, TellsThatTheContainerHasNoSuchProgram) {
  auto deployment = deployed(app("one"), 1);
  auto code = harness_->call(Op::EXEC).input(deployment).arguments({"nonsense"}).result<int>();
  EXPECT_TRUE(code ? *code == 126 || *code == 127 : code.error().code == "docker/exec-failed");
}

TEST_F(DockerPlatformTest, KeepsTheNetworkWhileAnotherDeploymentUsesIt) {
  auto image = app("one");
  auto first = deployed(image, 1), second = deployed(image, 2);
  ASSERT_TRUE(destroy(first, 1));
  EXPECT_EQ(docker_->networks(), std::vector<std::string>{"cairn-shop"});
  EXPECT_EQ(body(second->getUrl()), "one\n");
  ASSERT_TRUE(destroy(second, 2));
  EXPECT_EQ(docker_->networks(), std::vector<std::string>());
}

TEST_F(DockerPlatformTest, TellsWhyAnAppDidNotStayAlive) {
  auto image = app("one");
  Owned<wire::PlatformSettings> settings;
  auto command = settings->initCommand(3);
  command.set(0, "sh");
  command.set(1, "-c");
  command.set(2, "echo no database >&2; exit 4");
  auto deployment = deployCall(image, 1, settings).result<wire::Deployment>();
  ASSERT_FALSE(deployment);
  EXPECT_EQ(deployment.error().code, "docker/container-exited");
  EXPECT_NE(deployment.error().message.find("with code 4"), std::string::npos) << deployment.error().message;
  EXPECT_TRUE(logged("no database"));
  EXPECT_EQ(docker_->containers(), std::vector<std::string>());
  EXPECT_EQ(docker_->networks(), std::vector<std::string>());
  EXPECT_TRUE(journalIsEmpty());
}

TEST_F(DockerPlatformTest, TellsWhatTheProbeSaw) {
  auto image = app("one");
  Owned<wire::PlatformSettings> settings;
  settings->initProbe().setPath("/missing");
  settings->getProbe().setRetries(3);
  auto deployment = deployCall(image, 1, settings).result<wire::Deployment>();
  ASSERT_FALSE(deployment);
  EXPECT_EQ(deployment.error().code, "docker/probe-failed");
  EXPECT_NE(deployment.error().message.find("/missing answered 404"), std::string::npos)
      << deployment.error().message;
  EXPECT_NE(deployment.error().hint.find("set probe.path"), std::string::npos) << deployment.error().hint;
  EXPECT_TRUE(logged("serving one"));
  EXPECT_EQ(docker_->containers(), std::vector<std::string>());
}

TEST_F(DockerPlatformTest, CleansUpAfterACancel) {
  auto image = app("one");
  Owned<wire::PlatformSettings> settings;
  settings->initProbe().setPath("/missing");
  auto running = deployCall(image, 1, settings).start();
  ASSERT_TRUE(eventually([&] { return !docker_->containers().empty(); }));
  running.cancel();
  auto deployment = running.result<wire::Deployment>();
  ASSERT_FALSE(deployment);
  EXPECT_EQ(deployment.error().kind, ErrorKind::Cancelled);
  EXPECT_EQ(docker_->containers(), std::vector<std::string>());
  EXPECT_EQ(docker_->networks(), std::vector<std::string>());
}

TEST_F(DockerPlatformTest, LeavesNothingWhereACancelMeetsTheMakingOfTheContainer) {
  auto image = app("one");
  // A test that does not get its turn meets it too late, with all of it made.
  bool met = false;
  for (int tries = 0; !met && tries < 20; ++tries) {
    auto running = deployCall(image, 1).start();
    // The container is what is made next.
    ASSERT_TRUE(eventually([&] { return !docker_->networks().empty(); }, std::chrono::milliseconds(0)));
    running.cancel();
    auto deployment = running.result<wire::Deployment>();
    met = !deployment;
    if (met) {
      EXPECT_EQ(deployment.error().kind, ErrorKind::Cancelled);
    } else {
      ASSERT_TRUE(destroy(*deployment, 1));
    }
  }
  ASSERT_TRUE(met);
  auto second = deployed(image, 2);  // in which time a container that was left to the engine would appear
  ASSERT_TRUE(destroy(second, 2));
  EXPECT_EQ(docker_->containers(), std::vector<std::string>());
  EXPECT_EQ(docker_->networks(), std::vector<std::string>());
}

TEST_F(DockerPlatformTest, ObeysTheImagesHealthcheckAndReportsItsStatus) {
  writeApp("one");
  std::ofstream(folder_ / "shop/web/Dockerfile", std::ios::app)
      << "HEALTHCHECK --interval=1s CMD wget -q -O /dev/null http://127.0.0.1:8000/\n";
  auto image = buildImage();
  ASSERT_TRUE(image);
  auto deployment = deployed(*image, 1);
  auto status = harness_->call(Op::STATUS).input(deployment).journal("v1").result<cairn::wire::Status>();
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ((*status)->getHealth(), cairn::wire::Status::Health::READY);
  EXPECT_EQ(text((*status)->getUrl()), text(deployment->getUrl()));
  ASSERT_TRUE(destroy(deployment, 1));
  auto gone = harness_->call(Op::STATUS).input(deployment).journal("v1").result<cairn::wire::Status>();
  EXPECT_EQ((*gone)->getHealth(), cairn::wire::Status::Health::GONE);
}

TEST_F(DockerPlatformTest, DestroysFromTheJournalAloneWhatACrashLeft) {
  auto deployment = deployed(app("one"), 1);
  ASSERT_EQ(docker_->containers().size(), 1u);
  ASSERT_TRUE(harness_->call(Op::DESTROY).emptyInput().settings(quickStop()).journal("v1").result<void>());
  EXPECT_EQ(docker_->containers(), std::vector<std::string>());
  EXPECT_EQ(docker_->networks(), std::vector<std::string>());
}

TEST_F(DockerPlatformTest, RemovesTheImageOfAnOldBuildWithTheLastContainerThatUsesIt) {
  auto image = app("one");
  const std::string old = text(image->getId());
  auto first = deployed(image, 1), second = deployed(image, 2);
  const std::string newest = text(app("two")->getId());
  ASSERT_TRUE(destroy(first, 1));
  EXPECT_TRUE(hasImage(old));
  ASSERT_TRUE(destroy(second, 2));
  EXPECT_FALSE(hasImage(old));
  EXPECT_TRUE(hasImage(newest));
}

TEST_F(DockerPlatformTest, KeepsAnOldImageThatHasGotAnotherName) {
  auto image = app("one");
  auto first = deployed(image, 1);
  auto tagged = Engine::connect(*parseEngineAddress(docker_->host(), "test"), -1)
                    ->post(Target("/images/" + text(image->getId()) + "/tag").with("repo", "mine"));
  ASSERT_TRUE(tagged) << tagged.error().message;
  app("two");
  ASSERT_TRUE(destroy(first, 1));
  EXPECT_TRUE(hasImage(text(image->getId())));
}

TEST_F(DockerPlatformTest, SaysThatThePortIsTaken) {
  auto first = deployed(app("one"), 1);
  Owned<wire::PlatformSettings> settings;
  settings->setPublish(text(first->getUrl()).substr(7));
  auto second = deployCall(app("two"), 2, settings).result<wire::Deployment>();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "docker/port-in-use");
  EXPECT_EQ(docker_->containers().size(), 1u);
}

TEST_F(DockerPlatformTest, LeavesTheServingAddressAloneWhenItCanNotMoveToATakenPort) {
  auto first = deployed(app("one"), 1);
  auto served = release(first, "r1");
  ASSERT_TRUE(served) << served.error().message;
  Owned<wire::ReleaserSettings> settings;
  settings->setPort(static_cast<std::uint16_t>(std::stoi(text(first->getUrl()).substr(17))));
  auto moved =
      harness_->call(Op::RELEASE).input(first).settings(settings).journal("r2").result<wire::Release>();
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code, "docker/port-in-use");
  EXPECT_EQ(body((*served)->getUrl()), "one\n");
}

TEST_F(DockerPlatformTest, MakesItsProxyWithoutShowingHow) {
  auto first = deployed(app("one"), 1);
  const auto before = harness_->record().steps.size();
  auto served = release(first, "r1");
  ASSERT_TRUE(served) << served.error().message;
  std::vector<std::string> titles;
  for (auto i = before; i < harness_->record().steps.size(); ++i)
    titles.push_back(harness_->record().steps[i].title);
  EXPECT_EQ(titles, (std::vector<std::string>{"Starting the proxy",
                                              "Switching " + text((*served)->getUrl()) + " to web v1"}));
}

TEST_F(DockerPlatformTest, ChecksAddressVolumesAndNetworksBeforeAnythingIsDone) {
  Owned<wire::PlatformSettings> settings;
  settings->setPublish("everywhere");
  settings->initVolumes(1).set(0, "data");
  settings->initNetworks(1).set(0, "backbone");
  std::string codes;
  for (const Error& error : harness_->check(Kind::PLATFORM).settings(settings).errors())
    codes += error.code + " ";
  EXPECT_EQ(codes, "docker/bad-setting docker/bad-setting docker/network-not-found ");
}

}  // namespace
}  // namespace cairn::plugins::docker
