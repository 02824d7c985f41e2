// What the disk may do to a store: refuse it, run full under it, damage it, share it.

#include "host/store/open_database.h"
#include "host/store/store_fixture.h"

#include <capnp/message.h>

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <fstream>

namespace cairn::host {
namespace {

using wire::RecordKind;

// Begins records until that fails, `most` at most; how many there were, and the error's code.
struct Filled {
  uint32_t records = 0;
  std::string code;
  std::string message;
};

Filled fill(TestStore& shop, uint32_t most = 1000) {
  Filled out;
  std::string ballast(20'000, 'x');
  for (; out.records < most; ++out.records) {
    Owned<wire::Record> record;
    record->setId(newId(shop.clock));
    record->setProject("shop");
    record->setStateText(ballast);
    auto result = shop.wait(shop.store->beginRecord(record.reader()));
    if (result) continue;
    out.code = result.error().code;
    out.message = result.error().message;
    break;
  }
  return out;
}

class StoreFailureTest : public testing::Test {
 protected:
  std::string database() const { return folder.path + "/cairn.db"; }

  TemporaryFolder folder;
};

std::size_t countReadOnly(const std::string& database) {
  HandClock clock;
  auto opened = openReadOnlyDatabase({.path = database}, clock);
  KJ_ASSERT(opened.has_value(), opened.error().message.c_str());
  Statement count = opened->prepare("SELECT count(*) FROM record");
  KJ_ASSERT(count.step().has_value());
  return static_cast<std::size_t>(count.integer(0));
}

TEST_F(StoreFailureTest, IsReadWithItsLogWhereItCantBeWritten) {
  TestStore shop(folder.path);
  shop.begin(RecordKind::BUILD);
  ASSERT_GT(std::filesystem::file_size(database() + "-wal"), 0u);
  EXPECT_EQ(countReadOnly(database()), 1u);
}

TEST_F(StoreFailureTest, IsReadWithoutALogWhereItCantBeWritten) {
  {
    TestStore shop(folder.path);
    shop.begin(RecordKind::BUILD);
  }
  sqlite3* connection = nullptr;
  ASSERT_EQ(sqlite3_open(database().c_str(), &connection), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(connection, "PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(connection);
  ASSERT_FALSE(std::filesystem::exists(database() + "-wal"));
  EXPECT_EQ(countReadOnly(database()), 1u);
  EXPECT_FALSE(std::filesystem::exists(database() + "-shm"));
}

TEST_F(StoreFailureTest, AFullFileIsToldAndEarlierRecordsStay) {
  Filled filled;
  {
    TestStore shop(folder.path, 100);
    filled = fill(shop);
    EXPECT_EQ(filled.records, shop.get(shop.store->records({})).size());
  }
  EXPECT_EQ("store-full", filled.code);
  EXPECT_GT(filled.records, 0u);
  TestStore again(folder.path);
  EXPECT_EQ(filled.records, again.get(again.store->records({})).size());
  EXPECT_EQ(1u, again.begin(RecordKind::BUILD)->getSequence());
}

TEST_F(StoreFailureTest, ADiskThatTakesNoMoreLeavesNothingHalfWritten) {
  pid_t pid = startProcess([&]() {
    signal(SIGXFSZ, SIG_IGN);
    rlimit limit{300'000, RLIM_INFINITY};
    KJ_SYSCALL(setrlimit(RLIMIT_FSIZE, &limit));
    TestStore shop(folder.path);
    Filled filled = fill(shop);
    KJ_ASSERT(filled.code == "store-full", filled.code.c_str(), filled.message.c_str());
    return static_cast<int>(filled.records);
  });
  int written = waitFor(pid);
  ASSERT_GT(written, 0);
  ASSERT_LT(written, 99);
  TestStore again(folder.path);
  EXPECT_EQ(static_cast<size_t>(written), again.get(again.store->records({})).size());
}

TEST_F(StoreFailureTest, AFolderThatMayNotBeWrittenToIsNamed) {
  std::filesystem::permissions(folder.path, std::filesystem::perms(0755));
  std::string path = folder.path + "/cairn";
  std::filesystem::create_directory(path);
  std::filesystem::permissions(path, std::filesystem::perms(0555));
  pid_t pid = startProcess([&]() {
    if (geteuid() == 0) {
      KJ_SYSCALL(setuid(65534));  // root may write everywhere
    }
    TestStore shop(path);
    auto refused = shop.wait(shop.store->useProject("shop", "/src", false));
    KJ_ASSERT(!refused && refused.error().code == "store-read-only");
    KJ_ASSERT(refused.error().message.find(path) != std::string::npos, refused.error().message.c_str());
    return 0;
  });
  EXPECT_EQ(0, waitFor(pid));
}

TEST_F(StoreFailureTest, AFileThatIsNoDatabaseIsCorrupt) {
  std::ofstream(database()) << std::string(5000, 'n');
  TestStore shop(folder.path);
  auto refused = shop.wait(shop.store->projects());
  ASSERT_FALSE(refused);
  EXPECT_EQ("store-corrupt", refused.error().code);
  EXPECT_NE(std::string::npos, refused.error().message.find(database()));
}

TEST_F(StoreFailureTest, DamagedPagesAreCorrupt) {
  sqlite3* raw = nullptr;
  {
    TestStore shop(folder.path);
    fill(shop, 50);
  }
  ASSERT_EQ(SQLITE_OK, sqlite3_open(database().c_str(), &raw));
  sqlite3_exec(raw, "PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr);
  sqlite3_close(raw);
  std::fstream file(database(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096);
  file << std::string(400'000, '\xff');
  file.close();
  TestStore shop(folder.path);
  auto refused = shop.wait(shop.store->records({}));
  ASSERT_FALSE(refused);
  EXPECT_EQ("store-corrupt", refused.error().code);
}

TEST_F(StoreFailureTest, ADamagedRecordIsCorruptHoweverItIsDamaged) {
  {
    TestStore shop(folder.path);
    shop.begin(RecordKind::BUILD);
  }
  for (const char* damage :
       {"substr(content, 1, length(content) - 64)", "substr(content, 1, length(content) - 3)",
        "zeroblob(length(content))", "zeroblob(0)"}) {
    sqlite3* raw = nullptr;
    ASSERT_EQ(SQLITE_OK, sqlite3_open(database().c_str(), &raw));
    const std::string update =
        "CREATE TABLE IF NOT EXISTS saved AS SELECT content FROM record; "
        "UPDATE record SET content = (SELECT content FROM saved); "
        "UPDATE record SET content = " +
        std::string(damage);
    EXPECT_EQ(SQLITE_OK, sqlite3_exec(raw, update.c_str(), nullptr, nullptr, nullptr)) << sqlite3_errmsg(raw);
    sqlite3_close(raw);
    TestStore shop(folder.path);
    auto refused = shop.wait(shop.store->records({}));
    ASSERT_FALSE(refused) << damage;
    EXPECT_EQ("store-corrupt", refused.error().code) << damage;
  }
}

TEST_F(StoreFailureTest, ARecordThatClaimsMillionsOfEmptyElementsIsToldAtOnce) {
  std::string id;
  {
    TestStore shop(folder.path);
    id = shop.begin(RecordKind::BUILD)->getId().cStr();
  }
  capnp::MallocMessageBuilder message;
  auto record = message.initRoot<wire::Record>();
  record.setId(id);
  record.initLabels(5);
  auto words = capnp::canonicalize(record.asReader());
  // Five labels of no size stand there as their number alone.
  for (auto& word : kj::arrayPtr(reinterpret_cast<uint64_t*>(words.begin()), words.size())) {
    if (word == uint64_t{5} << 2) word = uint64_t{0x1fffffff} << 2;
  }
  sqlite3* raw = nullptr;
  ASSERT_EQ(SQLITE_OK, sqlite3_open(database().c_str(), &raw));
  sqlite3_stmt* update = nullptr;
  ASSERT_EQ(SQLITE_OK, sqlite3_prepare_v2(raw, "UPDATE record SET content = ?", -1, &update, nullptr));
  sqlite3_bind_blob(update, 1, words.begin(), static_cast<int>(words.asBytes().size()), SQLITE_STATIC);
  EXPECT_EQ(SQLITE_DONE, sqlite3_step(update));
  sqlite3_finalize(update);
  sqlite3_close(raw);
  TestStore shop(folder.path);
  auto refused = shop.wait(shop.store->records({}));
  ASSERT_FALSE(refused);
  EXPECT_EQ("store-corrupt", refused.error().code);
  EXPECT_NE(std::string::npos, refused.error().detail.find("traversal limit")) << refused.error().detail;
}

TEST_F(StoreFailureTest, WhatSqliteAloneCanNameIsToldInItsWords) {
  {
    TestStore shop(folder.path);
    shop.begin(RecordKind::BUILD);
  }
  sqlite3* raw = nullptr;
  ASSERT_EQ(SQLITE_OK, sqlite3_open(database().c_str(), &raw));
  sqlite3_exec(raw, "PRAGMA foreign_keys = OFF; DROP TABLE record", nullptr, nullptr, nullptr);
  sqlite3_close(raw);
  TestStore shop(folder.path);
  auto refused = shop.wait(shop.store->records({}));
  ASSERT_FALSE(refused);
  EXPECT_EQ("store-failed", refused.error().code);
  EXPECT_NE(std::string::npos, refused.error().message.find("no such table")) << refused.error().message;
}

TEST_F(StoreFailureTest, AStoreOfALaterCairnIsRefused) {
  {
    TestStore shop(folder.path);
    shop.begin(RecordKind::BUILD);
  }
  sqlite3* raw = nullptr;
  ASSERT_EQ(SQLITE_OK, sqlite3_open(database().c_str(), &raw));
  sqlite3_exec(raw, "INSERT INTO migration VALUES (99, '7.0.0', 1); PRAGMA user_version = 99", nullptr,
               nullptr, nullptr);
  sqlite3_close(raw);
  TestStore shop(folder.path);
  auto refused = shop.wait(shop.store->records({}));
  ASSERT_FALSE(refused);
  EXPECT_EQ("store-too-new", refused.error().code);
  EXPECT_NE(std::string::npos, refused.error().message.find("7.0.0"));
}

TEST_F(StoreFailureTest, WhatIsWrongWithOneThatCantBeWrittenIsToldAndNotThatItCantBeWritten) {
  { TestStore(folder.path).beginRun(); }
  const auto change = [&](const char* sql) {
    sqlite3* raw = nullptr;
    ASSERT_EQ(SQLITE_OK, sqlite3_open(database().c_str(), &raw));
    EXPECT_EQ(SQLITE_OK, sqlite3_exec(raw, sql, nullptr, nullptr, nullptr)) << sqlite3_errmsg(raw);
    sqlite3_close(raw);
  };
  // As one who may only read it.
  const auto expectCode = [&](const char* code) {
    for (const auto& entry : std::filesystem::directory_iterator(folder.path))
      std::filesystem::permissions(entry, std::filesystem::perms(0444));
    std::filesystem::permissions(folder.path, std::filesystem::perms(0555));
    pid_t pid = startProcess([&]() {
      if (geteuid() == 0) {
        KJ_SYSCALL(setuid(65534));  // root may write everywhere
      }
      TestStore shop(folder.path);
      auto refused = shop.wait(shop.store->records({}));
      KJ_ASSERT(!refused);
      KJ_ASSERT(refused.error().code == code, refused.error().code.c_str(), refused.error().message.c_str());
      return 0;
    });
    EXPECT_EQ(0, waitFor(pid)) << code;
    std::filesystem::permissions(folder.path, std::filesystem::perms(0755));
    std::filesystem::permissions(database(), std::filesystem::perms(0644));
  };
  change("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA user_version = 1000");
  expectCode("store-too-new");
  change("PRAGMA wal_checkpoint(TRUNCATE)");
  std::ofstream(database()) << std::string(5000, 'n');
  expectCode("store-corrupt");
}

TEST_F(StoreFailureTest, ProcessesThatBeginTogetherShareOneFile) {
  constexpr int kProcesses = 4, kRecords = 25;
  std::vector<pid_t> pids;
  for (int i = 0; i < kProcesses; ++i) {
    pids.push_back(startProcess([&]() {
      TestStore shop(folder.path);
      for (int j = 0; j < kRecords; ++j) shop.begin(RecordKind::DEPLOYMENT);
      return 0;
    }));
  }
  for (pid_t pid : pids) EXPECT_EQ(0, waitFor(pid));
  TestStore shop(folder.path);
  EXPECT_EQ(unsigned{kProcesses * kRecords + 1}, shop.begin(RecordKind::DEPLOYMENT)->getSequence());
}

TEST_F(StoreFailureTest, TheFileIsForItsOwnerOnly) {
  TestStore shop(folder.path + "/state/cairn");
  shop.begin(RecordKind::BUILD);
  using std::filesystem::perms;
  EXPECT_EQ(perms(0700), std::filesystem::status(folder.path + "/state/cairn").permissions());
  for (const char* name : {"/cairn.db", "/cairn.db-wal", "/cairn.db-shm"}) {
    EXPECT_EQ(perms(0600), std::filesystem::status(folder.path + "/state/cairn" + name).permissions())
        << name;
  }
}

}  // namespace
}  // namespace cairn::host
