#pragma once
// For tests: plans of small projects, with the manifests of the real plugins of this tree.

#include "host/pipeline/plan_maker.h"
#include "host/store/sqlite_store.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace cairn::host {

// No git: a plan must not need it.
class NoGit final : public GitRunner {
 public:
  std::optional<GitOutput> run(const std::filesystem::path&, const std::vector<std::string>&) override {
    ++asked;
    return std::nullopt;
  }
  int asked = 0;
};

class PlanWorkshop {
 public:
  PlanWorkshop()
      : io_(kj::setupAsyncIo()),
        root_(makeRoot()),
        broker_(io_, options(root_)),
        store_(
            openSqliteStore({.path = (root_ / "cairn.db").string(), .lockFolder = (root_ / "locks").string()},
                            kj::systemPreciseCalendarClock())) {
    catalog_ = std::make_unique<PluginCatalog>(
        std::vector<std::filesystem::path>{std::filesystem::path(CAIRN_BUILD_ROOT) / "lib/cairn/plugins"},
        std::map<std::string, std::filesystem::path>{});
    program("scan.sh", std::filesystem::perms::owner_all);
    plugins_ = std::make_unique<PluginSet>(PluginSet::open(broker_, *catalog_).wait(io_.waitScope));
  }
  ~PlanWorkshop() noexcept(false) {
    broker_.stop().wait(io_.waitScope);
    std::filesystem::remove_all(root_);
  }

  Result<MadePlan, Errors> plan(const std::string& text, std::vector<std::string> apps = {},
                                std::vector<wire::StageKind> stages = {
                                    wire::StageKind::BUILD, wire::StageKind::PUSH, wire::StageKind::DEPLOY,
                                    wire::StageKind::RELEASE}) {
    std::ofstream(root_ / "cairn.toml") << text;
    auto project = loadProject({.folder = root_});
    if (!project) return std::move(project).error();
    project_ = std::move(*project);
    auto types = TypeGraphs::build(*plugins_, project_);
    if (!types) return std::move(types).error();
    auto variables = readVariables(project_, {});
    if (!variables) return std::move(variables).error();
    GitSource git(project_.root, noGit_);
    std::map<std::string, AppHistory> history;
    PipelineContext context{.io = io_,
                            .broker = broker_,
                            .store = *store_,
                            .clock = kj::systemPreciseCalendarClock(),
                            .version = "test",
                            .cancelled = &cancelled_};
    return makePlan(context, {project_, *variables, git, *plugins_, *types, history},
                    {std::move(apps), std::move(stages)});
  }
  // Puts a command into the project's folder.
  void program(const std::string& name, std::filesystem::perms perms) {
    std::ofstream(root_ / name) << "#!/bin/sh\nexit 0\n";
    std::filesystem::permissions(root_ / name, perms);
  }
  // The code of the first error of a plan that must fail.
  Error firstError(const std::string& text, std::vector<std::string> apps = {}) {
    auto made = plan(text, std::move(apps));
    EXPECT_FALSE(made);
    return made ? Error{} : made.error().front();
  }

 private:
  static std::filesystem::path makeRoot() {
    std::string pattern = (std::filesystem::temp_directory_path() / "cairn-plan-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }
  static BrokerOptions options(const std::filesystem::path& root) {
    BrokerOptions out;
    out.hostVersion = "test";
    out.cacheFolder = root / "cache";
    out.dataFolder = root / "data";
    return out;
  }

  kj::AsyncIoContext io_;
  std::filesystem::path root_;
  Broker broker_;
  kj::Own<Store> store_;  // asked nothing by makePlan()
  std::unique_ptr<PluginCatalog> catalog_;
  std::unique_ptr<PluginSet> plugins_;
  Project project_;
  NoGit noGit_;
  bool cancelled_ = false;
};

inline constexpr char kWeb[] = R"(project = "shop"
[app.web.build]
use = "null"
[app.web.registry]
use = "null"
[app.web.deploy]
use = "null"
[app.web.release]
use = "null"
)";

}  // namespace cairn::host
