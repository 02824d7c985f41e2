#pragma once
// What the tests against a real engine share: an engine of their own, the plugin behind its protocol, and a
// small app.

#include "components.h"
#include "tests/support/private_docker.h"

#include <cairn/testing/plugin_harness.h>

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <thread>

namespace cairn::plugins::docker {

namespace fs = std::filesystem;
using cairn::testing::HttpAnswer;
using cairn::testing::httpGet;
using cairn::testing::Kind;
using cairn::testing::Op;
using cairn::testing::PrivateDocker;

// Waits for it; false: it has not come true in half a minute. `pause` 0 misses nothing that is true for a
// moment only.
inline bool eventually(const std::function<bool()>& condition,
                       std::chrono::milliseconds pause = std::chrono::milliseconds(20)) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    if (pause.count() > 0) std::this_thread::sleep_for(pause);
  }
  return true;
}

class DockerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string reason = PrivateDocker::missing(); !reason.empty()) GTEST_SKIP() << reason;
    docker_ = std::make_unique<PrivateDocker>();
    ::setenv("DOCKER_HOST", docker_->host().c_str(), 1);
    std::string name = (fs::temp_directory_path() / "cairn-app-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    ::setenv("DOCKER_CONFIG", folder_.c_str(), 1);
    harness_ = std::make_unique<cairn::testing::PluginHarness>(plugin());
    harness_->setBundleDir(fs::path(CAIRN_BUILD_ROOT) / "lib/cairn/plugins/docker");
  }
  void TearDown() override {
    harness_.reset();
    docker_.reset();
    if (!folder_.empty()) fs::remove_all(folder_);
  }

  // A web server that answers with `text`, says so in its log, and ends with code 0 on SIGTERM.
  void writeApp(const std::string& text) {
    cairn::testing::writeBusyboxContext(folder_ / "shop" / "web",
                                        "RUN mkdir /www && echo '" + text +
                                            "' > /www/index.html\nEXPOSE 8000\n"
                                            "CMD [\"/bin/sh\", \"-c\", \"echo serving " +
                                            text + "; exec httpd -f -p $PORT -h /www\"]\n");
  }
  Owned<cairn::wire::SourceTree> source() {
    Owned<cairn::wire::SourceTree> out;
    out->setPath((folder_ / "shop" / "web").string());
    out->setProjectPath((folder_ / "shop").string());
    return out;
  }
  Result<Owned<cairn::wire::DockerImage>> buildImage(const Owned<wire::BuildSettings>& settings = {}) {
    Owned<cairn::wire::Labels> labels;
    return harness_->call(Op::BUILD)
        .input(source())
        .input(labels)
        .settings(settings)
        .result<cairn::wire::DockerImage>();
  }
  Owned<cairn::wire::DockerImage> app(const std::string& text) {
    writeApp(text);
    auto image = buildImage();
    if (!image) throw std::runtime_error(image.error().message + "\n" + image.error().detail);
    return std::move(*image);
  }

  Owned<cairn::wire::DeploymentConfig> config(unsigned sequence) {
    Owned<cairn::wire::DeploymentConfig> out;
    out->setDeploymentId("01900000-0000-7000-8000-00000000000" + std::to_string(sequence));
    out->setShortId("00000000000" + std::to_string(sequence));
    out->setProject("shop");
    out->setApp("web");
    out->setWorkspace("default");
    out->setSequence(sequence);
    return out;
  }
  // The app's shell, as process 1, hears no SIGTERM.
  static Owned<wire::PlatformSettings> quickStop() {
    Owned<wire::PlatformSettings> out;
    out->setStopTimeoutSeconds(1);
    return out;
  }
  std::string journal(unsigned sequence) { return "v" + std::to_string(sequence); }
  cairn::testing::CallBuilder deployCall(const Owned<cairn::wire::DockerImage>& image, unsigned sequence,
                                         const Owned<wire::PlatformSettings>& settings = quickStop()) {
    Owned<cairn::wire::Labels> labels;
    auto call = harness_->call(Op::DEPLOY);
    call.input(image).input(config(sequence)).input(labels).settings(settings).journal(journal(sequence));
    return call;
  }
  Owned<wire::Deployment> deployed(const Owned<cairn::wire::DockerImage>& image, unsigned sequence,
                                   const Owned<wire::PlatformSettings>& settings = quickStop()) {
    auto out = deployCall(image, sequence, settings).result<wire::Deployment>();
    if (!out) throw std::runtime_error(out.error().message + "\n" + out.error().detail);
    return std::move(*out);
  }

  std::unique_ptr<PrivateDocker> docker_;
  std::unique_ptr<cairn::testing::PluginHarness> harness_;
  fs::path folder_;
};

inline std::string text(capnp::Text::Reader value) {
  return {value.begin(), value.size()};
}

}  // namespace cairn::plugins::docker
