#include "host/pipeline/file_mistakes.h"

#include <gtest/gtest.h>

namespace cairn::host {
namespace {

using Names = std::vector<std::string>;

Project shop() {
  Project project{.file = "cairn.toml", .workspace = "prod"};
  project.apps = {{.name = "web"}, {.name = "jobs"}};
  return project;
}

Error mistake(const std::string& path, int line = 1, const std::string& code = "unknown-key") {
  return {.kind = ErrorKind::Config,
          .code = code,
          .message = path,
          .position = {"cairn.toml", line, 1},
          .settingPath = path};
}

Names inDoubt(const std::string& path) {
  const Project project = shop();
  return FileMistakes(project, {mistake(path)}).appsInDoubt();
}

// The paths of what is told.
Names told(Errors ofFile, Errors later) {
  const Project project = shop();
  FileMistakes mistakes(project, std::move(ofFile));
  mistakes.add(std::move(later));
  Names out;
  for (const Error& error : std::move(mistakes).take()) out.push_back(error.settingPath);
  return out;
}

TEST(FileMistakes, AStageThatMayBeMisspeltPutsItsAppInDoubt) {
  EXPECT_EQ(inDoubt("app.web.biuld"), Names{"web"});
  EXPECT_EQ(inDoubt("app.web.build.use"), Names{"web"});
  EXPECT_EQ(inDoubt("workspace.prod.app.web.build"), Names{"web"});
}

TEST(FileMistakes, AMapperOrATableNobodyKnowsPutsAllAppsInDoubt) {
  EXPECT_EQ(inDoubt("mapper[0].from"), (Names{"web", "jobs"}));
  EXPECT_EQ(inDoubt("mappr"), (Names{"web", "jobs"}));
  EXPECT_EQ(inDoubt("app"), (Names{"web", "jobs"}));
}

TEST(FileMistakes, WhatHidesNoStagePutsNothingInDoubt) {
  for (const char* path : {"app.web.build.text", "app.web.path", "app.web.needs[0]", "projct",
                           "variables.api", "workspace.test.app.web.build.use"}) {
    EXPECT_EQ(inDoubt(path), Names()) << path;
  }
}

TEST(FileMistakes, TellsAllInTheFilesOrder) {
  EXPECT_EQ(
      told({mistake("app.web.biuld", 9)}, {mistake("app.jobs.deploy.use", 20), mistake("app.web.x", 4)}),
      (Names{"app.web.x", "app.web.biuld", "app.jobs.deploy.use"}));
}

TEST(FileMistakes, SaysNothingTwiceAboutOnePlace) {
  EXPECT_EQ(told({mistake("first", 3)}, {mistake("again", 3)}), Names{"first"});
  EXPECT_EQ(told({mistake("variables.api.default", 3)}, {mistake("variables.api", 2, "missing-variable")}),
            Names{"variables.api.default"});
}

TEST(FileMistakes, LeavesOutComponentsThatAWrongPluginTableMayHold) {
  EXPECT_EQ(told({mistake("plugins.fly.path", 30)}, {mistake("app.web.deploy", 5, "unknown-component")}),
            Names{"plugins.fly.path"});
}

TEST(FileMistakes, WhatHasNoPlaceInTheFileIsTold_OnceTheFileIsSound) {
  Error elsewhere{.kind = ErrorKind::Config, .code = "bad-assignment", .settingPath = "--var"};
  EXPECT_EQ(told({}, {elsewhere, mistake("app.web.x")}), (Names{"app.web.x", "--var"}));
  EXPECT_EQ(told({mistake("app.web.biuld")}, {elsewhere}), Names{"app.web.biuld"});
}

}  // namespace
}  // namespace cairn::host
