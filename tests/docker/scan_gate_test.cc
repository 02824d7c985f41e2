// A gate that looks into real images before a real deploy: what it flags is never started, whatever way is
// tried to get past it.

#include "tests/docker/docker_house.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace cairn::testing {
namespace {

constexpr const char* kScanner = R"(#!/bin/sh
# scan.sh ENGINE IMAGE: refuses an image where a file of any layer holds the test signature of virus scanners.
set -eu
export MARK='STANDARD-ANTIVIRUS-TEST-FILE'
echo "$2" >>scans
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
curl -sS --fail --unix-socket "${1#unix://}" "http://engine/images/$2/get" -o "$scratch/image.tar"
mkdir "$scratch/image"
tar -xf "$scratch/image.tar" -C "$scratch/image"
find "$scratch/image" -type f | while read -r part; do
  tar -tf "$part" >"$scratch/list" 2>&1 || continue
  tar -xf "$part" --to-command='! grep -qaF -e "$MARK" || echo "infected: /$TAR_FILENAME"'
done >"$scratch/found"
[ -s "$scratch/found" ] || exit 0
cat "$scratch/found" >&2
exit 1
)";

constexpr const char* kGate = R"(
[[mapper]]
name = "scan"
from = "docker.Image"
to = "docker.Image"
gate = ["deploy"]
run = ["./scan.sh", "${input.host}", "${input.id}"]
)";

constexpr const char* kBuild = R"(
[app.web.build]
use = "docker"
)";

class ScanGate : public DockerHouse {
 protected:
  void SetUp() override {
    DockerHouse::SetUp();
    if (!house_) return;
    house_->write("scan.sh", kScanner);
    namespace fs = std::filesystem;
    fs::permissions(house_->project() / "scan.sh", fs::perms::owner_all);
  }

  // The example's server and one file more.
  void writeImage(const std::string& greeting, bool infected = false) {
    house_->copy(CAIRN_BUILD_ROOT "/examples/hello-server", "web/hello-server");
    house_->write("web/greeting.txt", greeting + "\n");
    house_->write("web/invoice.pdf",
                  infected ? "X5O!$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*" : "please pay");
    house_->write("web/Dockerfile", R"(FROM scratch
WORKDIR /app
COPY hello-server greeting.txt ./
COPY invoice.pdf /srv/
ENV HOST=0.0.0.0
EXPOSE 8080
CMD ["./hello-server"]
)");
  }
  std::string pushed() const {
    return "[app.web.registry]\nuse = \"docker\"\ntag = \"1\"\nimage = \"" + registry_->address() +
           "/shop/web\"\n";
  }
  // A project whose app is made by `stages`, deployed and released with docker, and more tables.
  void writeProject(const std::string& stages, const std::string& tables) {
    house_->write("cairn.toml", "project = \"shop\"\n[app.web]\npath = \"./web\"\n" + stages +
                                    "[app.web.deploy]\nuse = \"docker\"\nprobe = { path = \"/\" }\n"
                                    "[app.web.release]\nuse = \"docker\"\n" +
                                    tables);
  }

  int scans() const {
    std::ifstream in(house_->project() / "scans");
    return static_cast<int>(std::count(std::istreambuf_iterator<char>(in), {}, '\n'));
  }
  void expectPasses(const std::vector<std::string>& command) {
    const Ran ran = cairn(command);
    EXPECT_EQ(ran.code, 0) << ran.all();
  }
  // With the scanner's words, and nothing was made in the engine.
  void expectRefused(const std::vector<std::string>& command) {
    const auto containers = docker_->containers(), networks = docker_->networks();
    const int before = scans();
    const Ran ran = cairn(command);
    EXPECT_EQ(ran.code, 1) << ran.all();
    EXPECT_NE(ran.all().find("infected: /srv/invoice.pdf"), std::string::npos) << ran.all();
    EXPECT_NE(ran.all().find("the gate scan"), std::string::npos) << ran.all();
    EXPECT_EQ(scans(), before + 1) << ran.all();
    EXPECT_EQ(docker_->containers(), containers);
    EXPECT_EQ(docker_->networks(), networks);
  }
  void expectNothingWasStarted() {
    EXPECT_EQ(docker_->containers(), std::vector<std::string>());
    EXPECT_EQ(docker_->networks(), std::vector<std::string>());
  }
};

TEST_F(ScanGate, LetsACleanImageServe) {
  writeImage("clean");
  writeProject(kBuild + pushed(), kGate);
  expectPasses({"up"});
  EXPECT_EQ(answerOf("web"), "clean\n");
  EXPECT_EQ(scans(), 1);
  expectNothingIsLeftAfterDestroy();
}

TEST_F(ScanGate, RefusesAFlaggedImageBeforeAnythingIsStarted) {
  writeImage("flagged", true);
  writeProject(kBuild + pushed(), kGate);
  expectRefused({"up"});
  expectNothingWasStarted();
  expectNothingIsLeftAfterDestroy();
}

TEST_F(ScanGate, IsNotPassedByACheaperMapperPinnedAndPreferred) {
  writeImage("flagged", true);
  writeProject(kBuild + pushed(), std::string(kGate) + R"(
[[mapper]]
name = "shortcut"
from = "oci.Image"
to = "docker.Image"
cost = 0
pure = true
run = ["./shortcut.sh", "${input.reference}"]
environment = ["DOCKER_HOST"]

[mappers]
policy = "cost"
pin = ["project/shortcut"]
)");
  house_->write("shortcut.sh", R"(#!/bin/sh
echo used >>shortcuts
id=$(curl -sS --fail --unix-socket "${DOCKER_HOST#unix://}" "http://engine/images/$1/json" | grep -o 'sha256:[0-9a-f]*' | head -n 1)
printf '{"reference": "%s", "id": "%s", "host": "%s"}' "$1" "$id" "$DOCKER_HOST"
)");
  std::filesystem::permissions(house_->project() / "shortcut.sh", std::filesystem::perms::owner_all);
  expectRefused({"up"});
  EXPECT_TRUE(std::filesystem::exists(house_->project() / "shortcuts"));
  expectNothingWasStarted();
}

TEST_F(ScanGate, IsNotPassedByAValueThatHasTheRightTypeAlready) {
  writeImage("flagged", true);
  writeProject(kBuild, kGate);  // the builder makes what the platform takes
  expectRefused({"up"});
  expectNothingWasStarted();
}

TEST_F(ScanGate, IsNotPassedByWhatAnEarlierRunOrAPlanHasSeen) {
  writeImage("clean");
  writeProject(kBuild + pushed(), kGate);
  expectPasses({"up"});
  const std::string plan = (house_->project() / "the.plan").string();
  expectPasses({"plan", "--out", plan});
  writeImage("flagged", true);
  expectRefused({"up", "--plan", plan});
  expectRefused({"up"});
  EXPECT_EQ(answerOf("web"), "clean\n");
  // What was made of it then is looked at now.
  writeImage("clean again");
  expectPasses({"up", "--plan", plan});
  EXPECT_EQ(answerOf("web"), "clean again\n");
  expectNothingIsLeftAfterDestroy();
}

TEST_F(ScanGate, IsNotPassedByTryingAgain) {
  writeImage("flagged", true);
  writeProject(kBuild + pushed(), kGate);
  expectRefused({"up"});
  expectRefused({"deploy"});
  expectRefused({"up"});
  expectRefused({"deploy"});
  const Ran release = cairn({"release"});
  EXPECT_EQ(release.code, 2) << release.all();
  EXPECT_NE(release.all().find("no-artifact"), std::string::npos) << release.all();
  expectNothingWasStarted();
}

TEST_F(ScanGate, IsNotPassedByARollbackToWhatWasDeployedBeforeIt) {
  writeImage("old and flagged", true);
  writeProject(kBuild + pushed(), "");
  expectPasses({"up"});
  EXPECT_EQ(answerOf("web"), "old and flagged\n");
  writeProject(kBuild + pushed(), kGate);
  const Ran release = cairn({"release"});
  EXPECT_EQ(release.code, 3) << release.all();
  writeImage("clean");
  expectPasses({"up"});
  const auto containers = docker_->containers();
  const Ran rollback = cairn({"rollback", "v1", "--yes"});
  EXPECT_EQ(rollback.code, 3) << rollback.all();
  EXPECT_NE(rollback.all().find("v1 of web never passed the gate \"scan\""), std::string::npos)
      << rollback.all();
  EXPECT_EQ(answerOf("web"), "clean\n");
  EXPECT_EQ(docker_->containers(), containers);
  expectNothingIsLeftAfterDestroy();
}

// A gate before the release sees what was deployed, and lets only what it likes take over the address.
TEST_F(ScanGate, RefusedBeforeAReleaseTheOldDeploymentServesOn) {
  const std::string approval = R"(
[[mapper]]
name = "approve"
from = "docker.Deployment"
to = "docker.Deployment"
gate = ["release"]
run = ["sh", "-c", "test -e approved || { echo 'nobody approved it' >&2; exit 1; }"]
)";
  house_->write("approved", "");
  writeImage("old");
  writeProject(kBuild + pushed(), approval);
  expectPasses({"up"});
  EXPECT_EQ(answerOf("web"), "old\n");
  std::filesystem::remove(house_->project() / "approved");
  writeImage("new");
  const Ran up = cairn({"up"});
  EXPECT_EQ(up.code, 1) << up.all();
  for (const char* words : {"gate-refused", "the gate approve", "nobody approved it",
                            "nothing of the release of web was started", "v1 still serves"}) {
    EXPECT_NE(up.all().find(words), std::string::npos) << words << "\n" << up.all();
  }
  EXPECT_EQ(answerOf("web"), "old\n");
  const Ran release = cairn({"release"});
  EXPECT_EQ(release.code, 1) << release.all();
  EXPECT_EQ(answerOf("web"), "old\n");
  house_->write("approved", "");
  expectPasses({"release"});
  EXPECT_EQ(answerOf("web"), "new\n");
  expectNothingIsLeftAfterDestroy();
}

TEST_F(ScanGate, IsNotPassedByAnImageMadeElsewhere) {
  writeImage("flagged", true);
  writeProject(kBuild + pushed(), "");
  for (const char* stage : {"build", "push"}) expectPasses({stage});
  const std::string pulled =
      "[app.web.build]\nuse = \"docker-pull\"\nimage = \"" + registry_->address() + "/shop/web:1\"\n";
  writeProject(pulled, kGate);
  expectRefused({"up"});
  // Nor by a deploy of what another pipeline put there under a name that was clean.
  writeImage("clean");
  writeProject(kBuild + pushed(), "");
  for (const char* stage : {"build", "push"}) expectPasses({stage});
  writeProject(pulled + "policy = \"always\"\n", kGate);
  expectPasses({"up"});
  EXPECT_EQ(answerOf("web"), "clean\n");
  expectNothingIsLeftAfterDestroy();
}

}  // namespace
}  // namespace cairn::testing
