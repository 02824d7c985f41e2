#include "host/store/sqlite_store.h"

#include "host/store/store_fixture.h"

#include <filesystem>

namespace cairn::host {
namespace {

using wire::RecordKind;
using State = wire::Record::State;

class SqliteStoreTest : public testing::Test {
 protected:
  TemporaryFolder folder;
};

TEST_F(SqliteStoreTest, ReadingAStoreThatIsNotThereMakesNoFile) {
  TestStore shop(folder.path + "/cairn");
  EXPECT_TRUE(shop.get(shop.store->records({})).empty());
  shop.get(shop.store->checkProject("shop", "/src"));
  EXPECT_FALSE(std::filesystem::exists(folder.path + "/cairn"));
}

TEST_F(SqliteStoreTest, NumbersCountPerAppWorkspaceAndKind) {
  TestStore shop(folder.path);
  EXPECT_EQ(1u, shop.begin(RecordKind::DEPLOYMENT)->getSequence());
  EXPECT_EQ(2u, shop.begin(RecordKind::DEPLOYMENT)->getSequence());
  EXPECT_EQ(1u, shop.begin(RecordKind::DEPLOYMENT, "jobs")->getSequence());
  EXPECT_EQ(1u, shop.begin(RecordKind::RELEASE)->getSequence());
}

TEST_F(SqliteStoreTest, AsksInFlightTogetherAreAnsweredInOrder) {
  TestStore shop(folder.path);
  std::vector<kj::Promise<Result<StoredRecord>>> asked;
  for (int i = 0; i < 100; ++i) {
    Owned<wire::Record> record;
    record->setId(newId(shop.clock));
    record->setProject("shop");
    asked.push_back(shop.store->beginRecord(record.reader()));
  }
  for (uint32_t i = 0; i < asked.size(); ++i) EXPECT_EQ(i + 1, shop.get(kj::mv(asked[i]))->getSequence());
}

TEST_F(SqliteStoreTest, AnErrorUndoesOnlyItsOwnCall) {
  TestStore shop(folder.path);
  Owned<wire::Record> record;
  record->setId(newId(shop.clock));
  auto good = shop.store->beginRecord(record.reader());
  auto sameId = shop.store->beginRecord(record.reader());
  record->setId(newId(shop.clock));
  auto alsoGood = shop.store->beginRecord(record.reader());
  EXPECT_TRUE(shop.wait(kj::mv(good)));
  EXPECT_FALSE(shop.wait(kj::mv(sameId)));
  EXPECT_EQ(2u, shop.get(kj::mv(alsoGood))->getSequence());
}

TEST_F(SqliteStoreTest, AnUpdateCanNotChangeWhatTheRecordIsOf) {
  TestStore shop(folder.path);
  StoredRecord begun = shop.begin(RecordKind::BUILD);
  Owned<wire::Record> changed(begun.reader());
  changed->setApp("other");
  changed->setSequence(9);
  changed->setState(State::DONE);
  shop.get(shop.store->updateRecord(changed.reader(), ""));
  StoredRecord now = shop.get(shop.store->record(begun->getId().cStr()));
  EXPECT_EQ("web", std::string(now->getApp()));
  EXPECT_EQ(1u, now->getSequence());
  EXPECT_EQ(State::DONE, now->getState());
}

TEST_F(SqliteStoreTest, APrefixOfTwoRecordsIsAmbiguousAndNamesThem) {
  TestStore shop(folder.path);
  std::string first = shop.begin(RecordKind::BUILD)->getId().cStr();
  std::string second = shop.begin(RecordKind::BUILD)->getId().cStr();
  auto found = shop.wait(shop.store->record(first.substr(0, 6)));
  ASSERT_FALSE(found);
  EXPECT_EQ("record-ambiguous", found.error().code);
  EXPECT_NE(std::string::npos, found.error().detail.find(second));
  EXPECT_EQ("record-not-found", shop.wait(shop.store->record("ffff")).error().code);
  EXPECT_EQ("record-not-found", shop.wait(shop.store->record(first.substr(0, 3))).error().code);
  EXPECT_EQ(first, shop.get(shop.store->record(first.substr(0, 35)))->getId().cStr());
}

TEST_F(SqliteStoreTest, AFilterAnswersWhenACommitWasDeployed) {
  TestStore shop(folder.path);
  shop.begin(RecordKind::DEPLOYMENT);
  StoredRecord deployed = shop.begin(RecordKind::DEPLOYMENT);
  Owned<wire::Record> changed(deployed.reader());
  changed->getGit().setCommit("c0ffee1234567890c0ffee1234567890c0ffee12");
  shop.get(shop.store->updateRecord(changed.reader(), ""));
  auto found = shop.get(
      shop.store->records({.project = "shop", .kind = RecordKind::DEPLOYMENT, .commitPrefix = "C0FFEE"}));
  ASSERT_EQ(1u, found.size());
  EXPECT_EQ(2u, found[0]->getSequence());
}

TEST_F(SqliteStoreTest, RecordsComeNewestFirst) {
  TestStore shop(folder.path);
  for (int i = 0; i < 3; ++i) shop.begin(RecordKind::DEPLOYMENT);
  auto newest = shop.get(shop.store->records({.app = "web", .limit = 2}));
  ASSERT_EQ(2u, newest.size());
  EXPECT_EQ(3u, newest[0]->getSequence());
  EXPECT_EQ(2u, newest[1]->getSequence());
}

TEST_F(SqliteStoreTest, TheNewestReleaseThatIsDoneAndStillThereServes) {
  TestStore shop(folder.path);
  AppScope web{"shop", "web", "prod"};
  EXPECT_FALSE(shop.get(shop.store->servingRelease(web)));
  std::vector<StoredRecord> releases;
  for (State state : {State::DONE, State::DONE, State::DESTROYED, State::FAILED}) {
    releases.push_back(shop.begin(RecordKind::RELEASE));
    shop.setState(releases.back(), state);
  }
  EXPECT_EQ(2u, (*shop.get(shop.store->servingRelease(web)))->getSequence());
}

TEST_F(SqliteStoreTest, NotingAStatusKeepsWhatARunWroteMeanwhile) {
  TestStore shop(folder.path);
  StoredRecord seen = shop.begin(RecordKind::DEPLOYMENT);
  shop.setState(seen, State::DESTROYING);
  Owned<wire::Status> status;
  status->setMessage("fine");
  shop.get(shop.store->noteStatus(seen->getId().cStr(), status.reader(), 5));
  StoredRecord now = shop.get(shop.store->record(seen->getId().cStr()));
  EXPECT_EQ(State::DESTROYING, now->getState());
  EXPECT_EQ("fine", std::string(now->getStatus().getMessage()));
}

TEST_F(SqliteStoreTest, AFieldOfALaterVersionOutlivesAnUpdate) {
  TestStore shop(folder.path);
  StoredRecord begun = shop.begin(RecordKind::BUILD);
  // A later schema's struct has a longer data section; its first unknown word lies behind the ones known
  // here.
  kj::ArrayPtr<const kj::byte> bytes = begun.bytes();
  auto words = kj::heapArray<capnp::word>(bytes.size() / sizeof(capnp::word) + 1);
  memset(words.begin(), 0, words.asBytes().size());
  uint16_t dataWords, pointers;
  memcpy(&dataWords, bytes.begin() + 4, 2);
  memcpy(&pointers, bytes.begin() + 6, 2);
  size_t known = 8 + dataWords * 8;
  memcpy(words.asBytes().begin(), bytes.begin(), known);
  uint64_t future = 0x6675747572650001;
  memcpy(words.asBytes().begin() + known, &future, 8);
  memcpy(words.asBytes().begin() + known + 8, bytes.begin() + known, bytes.size() - known);
  ++dataWords;
  memcpy(words.asBytes().begin() + 4, &dataWords, 2);
  StoredRecord later(kj::mv(words));
  ASSERT_EQ("web", std::string(later->getApp()));

  shop.get(shop.store->updateRecord(later.reader(), ""));
  StoredRecord now = shop.get(shop.store->record(begun->getId().cStr()));
  EXPECT_EQ("web", std::string(now->getApp()));
  uint64_t kept;
  memcpy(&kept, now.bytes().begin() + known, 8);
  EXPECT_EQ(future, kept);
}

TEST_F(SqliteStoreTest, AProjectFromAnotherOriginNeedsAdopting) {
  TestStore shop(folder.path);
  shop.get(shop.store->useProject("shop", "git@one:shop", false));
  shop.get(shop.store->useProject("shop", "git@one:shop", false));
  auto refused = shop.wait(shop.store->useProject("shop", "/home/bob/shop", false));
  ASSERT_FALSE(refused);
  EXPECT_EQ("other-origin", refused.error().code);
  EXPECT_NE(std::string::npos, refused.error().hint.find("--adopt"));
  EXPECT_FALSE(shop.wait(shop.store->checkProject("shop", "/home/bob/shop")));
  shop.get(shop.store->useProject("shop", "/home/bob/shop", true));
  EXPECT_EQ("/home/bob/shop", shop.get(shop.store->projects()).at(0).origin);
}

TEST_F(SqliteStoreTest, AThingIsIntendedOnceUntilItIsRemoved) {
  TestStore shop(folder.path);
  std::string record = shop.begin(RecordKind::DEPLOYMENT)->getId().cStr();
  PluginIdentity plugin{"docker", "1.0.0", "ab12", "/usr/lib/cairn/plugins/docker"};
  uint64_t handle = shop.get(shop.store->intendResource(record, "container", "web-1", plugin));
  EXPECT_EQ(handle, shop.get(shop.store->intendResource(record, "container", "web-1", plugin)));
  shop.get(shop.store->resourceCreated(handle, "4f2a", "{}"));
  auto existing = shop.get(shop.store->resources({.project = "shop"}));
  ASSERT_EQ(1u, existing.size());
  EXPECT_EQ("4f2a", existing[0].id);
  EXPECT_EQ("docker", existing[0].plugin.name);
  shop.get(shop.store->resourceRemoved(handle));
  EXPECT_TRUE(shop.get(shop.store->resources({.recordId = record})).empty());
  EXPECT_EQ("resource-not-found", shop.wait(shop.store->resourceRemoved(handle)).error().code);
  EXPECT_NE(handle, shop.get(shop.store->intendResource(record, "container", "web-1", plugin)));
}

TEST_F(SqliteStoreTest, ASchemaIsReadBackAsItWasFirstPut) {
  TestStore shop(folder.path);
  kj::StringPtr digest = "digest", nodes = "nodes", others = "others";
  shop.get(shop.store->putSchema(digest.asBytes(), nodes.asBytes()));
  shop.get(shop.store->putSchema(digest.asBytes(), others.asBytes()));
  auto found = shop.get(shop.store->schema(digest.asBytes()));
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->asPtr() == nodes.asBytes());
  EXPECT_FALSE(shop.get(shop.store->schema(nodes.asBytes())));
}

TEST_F(SqliteStoreTest, WhatWasAskedIsWrittenBeforeTheStoreIsGone) {
  {
    TestStore shop(folder.path);
    auto unread = shop.store->useProject("shop", "/src", false);
  }
  TestStore again(folder.path);
  EXPECT_EQ(1u, again.get(again.store->projects()).size());
}

}  // namespace
}  // namespace cairn::host
