#include "mapper-graph/near_names.h"

#include <gtest/gtest.h>

namespace cairn::graph {
namespace {

TEST(NearNames, CountsSlips) {
  EXPECT_EQ(slips("image", "image"), 0u);
  EXPECT_EQ(slips("image", "Image"), 0u);
  EXPECT_EQ(slips("image", "imgae"), 1u);
  EXPECT_EQ(slips("image", "imag"), 1u);
  EXPECT_EQ(slips("image", "imagine"), 2u);
  EXPECT_EQ(slips("image", "archive"), 3u);
}

TEST(NearNames, NamesEachOnce) {
  const std::vector<std::string_view> names{"docker.Imgs", "docker.Imgs"};
  EXPECT_EQ(nearNames("docker.Image", names, 3), (std::vector<std::string>{"docker.Imgs"}));
}

TEST(NearNames, PutsTheOwnNamespaceFirst) {
  const std::vector<std::string_view> names{"docker.Image", "ocker.Image", "docker.Imgs", "files.Tree",
                                            "docker.Image2"};
  EXPECT_EQ(nearNames("docker.Image", names, 2), (std::vector<std::string>{"docker.Image2", "docker.Imgs"}));
  EXPECT_TRUE(nearNames("A", std::vector<std::string_view>{"B"}, 3).empty());
}

}  // namespace
}  // namespace cairn::graph
