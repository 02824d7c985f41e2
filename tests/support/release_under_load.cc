#include "tests/support/release_under_load.h"

#include "tests/support/http_load.h"

#include <gtest/gtest.h>

namespace cairn::testing {

void expectNoRequestIsLost(CairnHouse& house, const std::string& greetingFile) {
  const std::string url = house.urlOf("web");
  HttpLoad load(url);
  EXPECT_TRUE(load.served()) << "before the switch";

  house.write(greetingFile, "two\n");
  const Ran second = house.cairn({"up", "--app", "web"});
  EXPECT_EQ(second.code, 0) << second.all();
  EXPECT_TRUE(load.served()) << "after the switch";

  const Ran back = house.cairn({"rollback", "--app", "web", "--yes"});
  EXPECT_EQ(back.code, 0) << back.all();
  EXPECT_TRUE(load.served()) << "after the rollback";

  const HttpLoad::Report report = load.stop();
  EXPECT_EQ(report.lost, std::vector<std::string>()) << report.text();
  EXPECT_EQ(report.bodies, (std::set<std::string>{"one\n", "two\n"}));
  EXPECT_EQ(house.urlOf("web"), url);
}

}  // namespace cairn::testing
