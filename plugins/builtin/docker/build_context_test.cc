#include "build_context.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace cairn::plugins::docker {
namespace {

namespace fs = std::filesystem;

class BuildContextTest : public testing::Test {
 protected:
  BuildContextTest() {
    std::string name = (fs::temp_directory_path() / "cairn-context-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~BuildContextTest() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text = "x") {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  std::string names(const BuildContext& context) {
    std::string out;
    for (const auto& entry : context.entries()) out += entry.name + " ";
    return out;
  }

  fs::path folder_;
};

TEST_F(BuildContextTest, SendsTheDockerfileEvenWhereTheRulesIgnoreAll) {
  write("app/Dockerfile");
  write("app/.dockerignore", "*\n!src\nsrc/*.o");
  write("app/src/main.c");
  write("app/src/main.o");
  write("app/notes");
  auto context = BuildContext::open(folder_ / "app", folder_ / "app/Dockerfile");
  ASSERT_TRUE(context);
  EXPECT_EQ(names(*context), "Dockerfile src src/main.c ");
}

TEST_F(BuildContextTest, SendsADockerfileFromOutsideUnderAnotherName) {
  write("Dockerfile.web");
  write("app/main.c");
  auto context = BuildContext::open(folder_ / "app", folder_ / "Dockerfile.web");
  ASSERT_TRUE(context);
  EXPECT_EQ(context->dockerfileName(), ".cairn.dockerfile");
  EXPECT_EQ(names(*context), "main.c .cairn.dockerfile ");
}

TEST_F(BuildContextTest, IsATarThatTarReads) {
  write("app/Dockerfile", "FROM scratch\n");
  write("app/" + std::string(120, 'n') + "/" + std::string(120, 'm'), std::string(100'000, 'z'));
  fs::create_symlink("Dockerfile", folder_ / "app/link");
  auto context = BuildContext::open(folder_ / "app", folder_ / "app/Dockerfile");
  ASSERT_TRUE(context);
  {
    std::ofstream tar(folder_ / "out.tar", std::ios::binary);
    ASSERT_TRUE(context->write([&](std::string_view piece) -> Result<void> {
      tar << piece;
      return {};
    }));
  }
  fs::create_directory(folder_ / "out");
  ASSERT_EQ(std::system(
                ("tar -C " + (folder_ / "out").string() + " -xf " + (folder_ / "out.tar").string()).c_str()),
            0);
  EXPECT_EQ(std::system(
                ("diff -r --no-dereference " + (folder_ / "out").string() + " " + (folder_ / "app").string())
                    .c_str()),
            0);
}

// What was not read would be sent as zeros.
TEST_F(BuildContextTest, SaysThatReadingAFileFailedInTheMiddle) {
  const BuildContext context(std::vector<ContextEntry>{{"/proc/self/mem", "memory"}});
  auto written = context.write([](std::string_view) -> Result<void> { return {}; });
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, "docker/context-unreadable");
  EXPECT_NE(written.error().message.find("Input/output error"), std::string::npos) << written.error().message;
}

TEST_F(BuildContextTest, SaysThatThereIsNoDockerfile) {
  write("app/main.c");
  auto context = BuildContext::open(folder_ / "app", folder_ / "app/Dockerfile");
  ASSERT_FALSE(context);
  EXPECT_EQ(context.error().code, "docker/no-dockerfile");
}

}  // namespace
}  // namespace cairn::plugins::docker
