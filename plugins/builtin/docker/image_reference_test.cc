#include "image_reference.h"

#include <gtest/gtest.h>

namespace cairn::plugins::docker {
namespace {

TEST(ImageReference, TakesRegistryTagAndDigestApart) {
  const std::string digest = "sha256:" + std::string(64, 'a');
  auto reference = parseImageReference("registry.test:5000/shop/web:v1@" + digest);
  ASSERT_TRUE(reference);
  EXPECT_EQ(reference->registry, "registry.test:5000");
  EXPECT_EQ(reference->repository, "registry.test:5000/shop/web");
  EXPECT_EQ(reference->tag, "v1");
  EXPECT_EQ(reference->digest, digest);
  EXPECT_EQ(reference->text(), "registry.test:5000/shop/web@" + digest);
}

TEST(ImageReference, MeansTheDockerHubAndLatestWhereNothingIsWritten) {
  auto reference = parseImageReference("library/busybox");
  ASSERT_TRUE(reference);
  EXPECT_EQ(reference->registry, "docker.io");
  EXPECT_EQ(reference->text(), "library/busybox:latest");
}

TEST(ImageReference, RefusesWhatNoEngineTakes) {
  for (const char* bad :
       {"", "Shop/web", "shop/web:", "shop//web", "shop/web@sha256:12", "-web", "shop/web:a b"}) {
    EXPECT_FALSE(parseImageReference(bad)) << bad;
  }
}

TEST(ImageReference, MakesTagsAndNamesOfAnyText) {
  EXPECT_EQ(tagFrom("feature/x+1"), "feature-x-1");
  EXPECT_EQ(tagFrom(""), "latest");
  EXPECT_EQ(repositoryPartFrom("My  Shop!"), "my-shop");
}

}  // namespace
}  // namespace cairn::plugins::docker
