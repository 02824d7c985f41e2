// Which resources a plugin's call may speak of.

#include "host/pipeline/journal_host.h"
#include "host/store/store_fixture.h"

namespace cairn::host {
namespace {

struct Journals {
  Journals()
      : shop(folder.path),
        broker(shop.io, options(folder.path)),
        context{.io = shop.io, .broker = broker, .store = *shop.store, .clock = shop.clock} {
    context.masking.any = [] { return false; };
    context.sink = [](wire::Event::Reader) {};
  }
  static BrokerOptions options(const std::string& folder) {
    BrokerOptions out;
    out.cacheFolder = folder + "/cache";
    out.dataFolder = folder + "/data";
    return out;
  }
  JournalHost of(const std::string& record) {
    return {context, Emitter(context, "run"), {.recordId = record, .plugin = {"null", "1", "", ""}}};
  }
  std::string recordOf(const std::string& app) {
    return shop.begin(wire::RecordKind::DEPLOYMENT, app)->getId().cStr();
  }

  TemporaryFolder folder;
  TestStore shop;
  Broker broker;
  PipelineContext context;
};

TEST(JournalHost, AnotherAppsResourceStaysInTheJournal) {
  Journals journals;
  auto web = journals.of(journals.recordOf("web"));
  auto api = journals.of(journals.recordOf("api"));
  const auto handle = journals.shop.get(web.intend("container", "web-1"));
  for (auto said :
       {journals.shop.wait(api.removed(handle)), journals.shop.wait(api.created(handle, "x", ""))}) {
    ASSERT_FALSE(said);
    EXPECT_EQ(said.error().code, "resource-not-found");
  }
  const auto left = journals.shop.get(web.resources());
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].id, "");
}

TEST(JournalHost, WhatAnEarlierCallMadeIsRemovedOnceItWasListed) {
  Journals journals;
  const std::string record = journals.recordOf("web");
  auto deploy = journals.of(record);
  const auto handle = journals.shop.get(deploy.intend("container", "web-1"));
  auto destroy = journals.of(record);
  EXPECT_EQ(journals.shop.get(destroy.resources()).size(), 1u);
  EXPECT_TRUE(journals.shop.wait(destroy.removed(handle)));
}

TEST(JournalHost, TheHostsOwnNoteIsShownToNoPlugin) {
  Journals journals;
  const std::string record = journals.recordOf("web");
  journals.shop.get(journals.shop.store->intendResource(record, "deployment", "v1", {}));
  auto destroy = journals.of(record);
  EXPECT_TRUE(journals.shop.get(destroy.resources()).empty());
}

TEST(JournalHost, AReleaseSeesWhatAllReleasesOfItsAppMadeAndNoDeployment) {
  Journals journals;
  const auto begin = [&](wire::RecordKind kind, const std::string& app) {
    return std::string(journals.shop.begin(kind, app)->getId());
  };
  const std::string first = begin(wire::RecordKind::RELEASE, "web");
  const std::string second = begin(wire::RecordKind::RELEASE, "web");
  auto made = [&](const std::string& record, const std::string& name) {
    auto host = journals.of(record);
    journals.shop.get(host.intend("route", name));
  };
  made(first, "first");
  made(second, "second");
  made(begin(wire::RecordKind::DEPLOYMENT, "web"), "deployment");
  made(begin(wire::RecordKind::RELEASE, "api"), "of another app");
  journals.shop.get(journals.shop.store->intendResource(first, "route", "of another plugin", {"other"}));
  JournalHost release(journals.context, Emitter(journals.context, "run"),
                      {.recordId = second,
                       .allReleases = true,
                       .app = {"shop", "web", "prod"},
                       .plugin = {"null", "1", "", ""}});
  std::string names;
  for (const auto& entry : journals.shop.get(release.resources())) names += entry.name + " ";
  EXPECT_EQ(names, "first second ");
}

TEST(JournalHost, AChecksJournalIsEmpty) {
  Journals journals;
  auto web = journals.of(journals.recordOf("web"));
  journals.shop.get(web.intend("container", "web-1"));
  auto check = journals.of("");
  EXPECT_TRUE(journals.shop.get(check.resources()).empty());
  EXPECT_FALSE(journals.shop.wait(check.intend("container", "web-2")));
}

}  // namespace
}  // namespace cairn::host
