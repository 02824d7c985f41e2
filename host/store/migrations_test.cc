#include "host/store/migrations.h"

#include "host/store/store_fixture.h"

#include <fstream>

namespace cairn::host {
namespace {

class MigrationsTest : public testing::Test {
 protected:
  MigrationsTest() : path(folder.path + "/cairn.db") { std::ofstream(path).flush(); }

  Result<void> migrateTo(std::vector<const char*> migrations, const char* version) {
    Database database = CAIRN_TRY(Database::open(path, 1000));
    return migrate(database, path, migrations, version, 1);
  }
  int64_t number(const char* query) {
    auto database = Database::open(path, 1000);
    Statement statement = database->prepare(query);
    auto row = statement.step();
    return row && *row ? statement.integer(0) : -1;
  }

  TemporaryFolder folder;
  std::string path;
  const char* const first = "CREATE TABLE a (x INTEGER)";
  const char* const second = "ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 7; INSERT INTO a (x) VALUES (1)";
};

TEST_F(MigrationsTest, AnOlderLayoutIsBroughtUpInOrderAndKeepsItsRows) {
  ASSERT_TRUE(migrateTo({first}, "0.1.0"));
  ASSERT_TRUE(migrateTo({first, second}, "0.2.0"));
  EXPECT_EQ(7, number("SELECT y FROM a"));
  EXPECT_EQ(2, number("PRAGMA user_version"));
  EXPECT_EQ(2, number("SELECT count(*) FROM migration"));
}

TEST_F(MigrationsTest, AFailureLeavesTheOldLayoutWhole) {
  ASSERT_TRUE(migrateTo({first}, "0.1.0"));
  EXPECT_FALSE(migrateTo({first, second, "CREATE TABLE a (again INTEGER)"}, "0.2.0"));
  EXPECT_EQ(1, number("PRAGMA user_version"));
  EXPECT_EQ(0, number("SELECT count(*) FROM a"));
}

TEST_F(MigrationsTest, ANewerLayoutIsRefusedNamingBothVersions) {
  ASSERT_TRUE(migrateTo({first, second}, "0.9.0"));
  auto refused = migrateTo({first}, "0.1.0");
  ASSERT_FALSE(refused);
  EXPECT_EQ("store-too-new", refused.error().code);
  EXPECT_NE(std::string::npos, refused.error().message.find("Cairn 0.9.0 (layout 2)"))
      << refused.error().message;
  EXPECT_NE(std::string::npos, refused.error().message.find("Cairn 0.1.0")) << refused.error().message;
}

TEST_F(MigrationsTest, ADatabaseOfSomethingElseIsLeftAlone) {
  ASSERT_TRUE(Database::open(path, 1000)->runScript("CREATE TABLE bookmarks (url TEXT)"));
  auto refused = migrateTo({first}, "0.1.0");
  ASSERT_FALSE(refused);
  EXPECT_EQ("store-corrupt", refused.error().code);
  EXPECT_EQ(1, number("SELECT count(*) FROM sqlite_master"));
}

}  // namespace
}  // namespace cairn::host
