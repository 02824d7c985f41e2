#include "container_spec.h"

#include <cairn/owned.h>

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

namespace cairn::plugins::docker {
namespace {

TEST(Publish, IsAnAddressAPortOrNone) {
  EXPECT_EQ((*parsePublish("127.0.0.1:0"))->ip, "127.0.0.1");
  EXPECT_EQ((*parsePublish("8080"))->port, 8080);
  EXPECT_EQ((*parsePublish(":80"))->ip, "0.0.0.0");
  EXPECT_EQ((*parsePublish("[::1]:80"))->ip, "::1");
  EXPECT_FALSE(parsePublish("none")->has_value());
  for (const char* bad : {"", "localhost:80", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:80x"}) {
    EXPECT_FALSE(parsePublish(bad)) << bad;
  }
}

TEST(Volume, NeedsANameOrPathAndATarget) {
  for (const char* good : {"data:/var/lib", "/srv/x:/x:ro"}) EXPECT_TRUE(checkVolume(good)) << good;
  for (const char* bad : {"data", "data:relative", ":/x", "./x:/x", "data:/x:rx"})
    EXPECT_FALSE(checkVolume(bad)) << bad;
}

TEST(ContainerName, FitsWhatAnEngineTakes) {
  Owned<cairn::wire::DeploymentConfig> config;
  config->setApp(std::string(90, 'x') + "/ü");
  config->setSequence(12);
  config->setShortId("0123456789ab");
  const std::string name = containerName(config.reader());
  EXPECT_LE(name.size(), 63u);
  EXPECT_EQ(name.substr(name.size() - 17), "-v12-0123456789ab");
}

TEST(ServicePort, IsTheSettingElseTheOnlyExposedOne) {
  EXPECT_EQ(servicePort(3000, {.exposedPorts = {"80/tcp"}}), 3000);
  EXPECT_EQ(servicePort(0, {.exposedPorts = {"80/tcp", "53/udp"}}), 80);
  EXPECT_EQ(servicePort(0, {.exposedPorts = {"80/tcp", "81/tcp"}}), 8080);
}

TEST(ContainerSpec, CarriesLimitsLabelsAndThePort) {
  Owned<cairn::wire::DeploymentConfig> config;
  config->setApp("web");
  config->setDeploymentId("id-1");
  config->setSequence(3);
  Owned<cairn::wire::Labels> labels;
  auto entries = labels->initEntries(2);
  entries[0].setName("team");
  entries[0].setValue("shop");
  entries[1].setName("cairn.deployment");
  entries[1].setValue("forged");
  Owned<wire::PlatformSettings> settings;
  settings->setMemoryBytes(1 << 20);
  settings->setCpus(0.5);
  const auto spec = containerSpec({.config = config.reader(),
                                   .labels = labels.reader(),
                                   .settings = settings.reader(),
                                   .imageId = "sha256:1",
                                   .network = "n",
                                   .port = 81,
                                   .publish = PublishAddress{"127.0.0.1", 0}});
  EXPECT_EQ(spec["Labels"]["team"], "shop");
  EXPECT_EQ(spec["Labels"]["cairn.deployment"], "id-1");
  EXPECT_EQ(spec["Env"][0], "PORT=81");
  EXPECT_EQ(spec["HostConfig"]["Memory"], 1 << 20);
  EXPECT_EQ(spec["HostConfig"]["NanoCpus"], 500'000'000);
  EXPECT_EQ(spec["HostConfig"]["PortBindings"]["81/tcp"][0]["HostPort"], "");
  EXPECT_EQ(spec["NetworkingConfig"]["EndpointsConfig"]["n"]["Aliases"][0], "web-v3");
  EXPECT_FALSE(spec.contains("Cmd"));
}

}  // namespace
}  // namespace cairn::plugins::docker
