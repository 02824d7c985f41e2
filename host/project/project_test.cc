#include "host/project/project.h"
#include "host/project/test_words.h"
#include "host/project/variables.h"

namespace cairn::host {
namespace {

const char* const kShop = R"(project = "shop"
labels = { team = "core" }

[app.web]
path = "./web"
labels = { team = "checkout" }
needs = ["jobs"]

[app.web.build]
use = "docker"

[app.web.registry]
use = "docker"
tag = "${git.ref_pretty}"

[app.web.deploy]
use = "nomad"
count = 3
timeout = "2m"
env = { A = "1" }

[[app.web.deploy.hook]]
when = "before"
run = ["./migrate.sh"]
on_failure = "continue"

[app.jobs]
[app.jobs.deploy]
use = "local"

[variables.api]
default = "http://here"

[workspace.prod.app.web.deploy]
count = 9
env = { B = "2" }

[workspace.prod.variables.api]
default = "http://there"

[workspace.test.app.web.deploy]
use = "local"
command = ["./web"]

[plugins.fly]
path = "./plugins/fly"
)";

struct Shop : testing::Test {
  Shop() {
    folder.write("cairn.toml", kShop);
    folder.write("web/src/main.c", "");
  }
  Project load(const std::string& workspace = "default") {
    auto project = loadFrom(folder, workspace);
    EXPECT_TRUE(project) << told(project.error());
    return std::move(*project);
  }
  TempFolder folder;
};

TEST_F(Shop, IsStillKnownByNameAndPluginsWhenItsFileHasMistakes) {
  folder.write("cairn.toml", std::string(kShop) + "\n[app.gone]\npath = \"./nowhere\"\n");
  const auto loaded = loadProjectWithMistakes({.folder = folder.path()});
  ASSERT_TRUE(loaded);
  EXPECT_FALSE(loaded->mistakes.empty());
  EXPECT_EQ(loaded->project.name, "shop");
  ASSERT_EQ(loaded->project.plugins.size(), 1u);
  EXPECT_EQ(loaded->project.plugins[0].name, "fly");
}

TEST_F(Shop, IsKnownByWhatStandsAboveASyntaxError) {
  folder.write("cairn.toml", std::string(kShop) + "\n[app.late\n");
  const auto loaded = loadProjectWithMistakes({.folder = folder.path()});
  ASSERT_TRUE(loaded);
  EXPECT_TRUE(loaded->cutShort);
  EXPECT_EQ(told(loaded->mistakes).find("toml-syntax") != std::string::npos, true);
  EXPECT_EQ(loaded->mistakes.size(), 1u);
  EXPECT_EQ(loaded->project.name, "shop");
  EXPECT_EQ(loaded->project.apps.size(), 2u);
}

TEST_F(Shop, IsKnownByWhatStandsAboveAStringWithoutEnd) {
  folder.write("cairn.toml", "project = \"shop\"\ntext = \"\"\"\nno end\n\n");
  const auto loaded = loadProjectWithMistakes({.folder = folder.path()});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->project.name, "shop");
}

TEST_F(Shop, KeepsAppsAndStagesInTheOrderTheyHave) {
  const Project project = load();
  ASSERT_EQ(project.apps.size(), 2u);
  EXPECT_EQ(project.apps[0].name, "web");
  ASSERT_EQ(project.apps[0].stages.size(), 3u);
  EXPECT_EQ(project.apps[0].stages[1].kind, StageKind::Push);
}

TEST_F(Shop, OrdersAppsByTheirNeeds) {
  EXPECT_EQ(load().appOrder(), (std::vector<std::size_t>{1, 0}));
}

// Half a million needs; each is looked at a few times, not once for each app.
TEST_F(Shop, OrdersAThousandAppsThatNeedAllLaterOnes) {
  constexpr std::size_t kApps = 1000;
  std::vector<std::string> tables;
  std::string later;
  for (std::size_t i = kApps; i-- > 0;) {
    const std::string name = "a" + std::to_string(i);
    tables.push_back("[app." + name + "]\nneeds = [" + later + "]\n[app." + name +
                     ".deploy]\nuse = \"null\"\n");
    later += "\"" + name + "\",";
  }
  std::string text = "project = \"many\"\n";
  for (auto table = tables.rbegin(); table != tables.rend(); ++table) text += *table;
  folder.write("cairn.toml", text);
  auto project = loadFrom(folder);
  ASSERT_TRUE(project) << told(project.error());
  const auto order = project->appOrder();
  ASSERT_EQ(order.size(), kApps);
  for (std::size_t i = 0; i < kApps; ++i) EXPECT_EQ(order[i], kApps - 1 - i);
}

TEST_F(Shop, OrdersAppsInACircleAsTheFileDoes) {
  Project project;
  for (const char* name : {"a", "b", "c"}) project.apps.push_back({.name = name});
  project.apps[0].needs = {{"b", {}}};
  project.apps[1].needs = {{"a", {}}};
  EXPECT_EQ(project.appOrder(), (std::vector<std::size_t>{2, 0, 1}));
}

TEST_F(Shop, TakesTheHostsKeysOutOfSettings) {
  const Project project = load();
  const Stage* deploy = project.app("web")->stage(StageKind::Deploy);
  EXPECT_EQ(deploy->use, "nomad");
  EXPECT_EQ(deploy->timeout, std::chrono::minutes(2));
  EXPECT_EQ(deploy->settings.table()->size(), 2u);
  ASSERT_EQ(deploy->hooks.size(), 1u);
  EXPECT_EQ(deploy->hooks[0].onFailure, Hook::OnFailure::Continue);
}

TEST_F(Shop, FindsTheFileFromASubfolder) {
  EXPECT_EQ(*findProjectFile({.folder = folder.path() / "web" / "src"}), folder.path() / "cairn.toml");
}

TEST_F(Shop, LooksOnlyInTheFolderThatWasNamed) {
  auto found = findProjectFile({.folder = folder.path() / "web", .searchUpwards = false});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, "no-project");
}

TEST_F(Shop, MergesAWorkspacesKeysOneByOne) {
  const Project project = load("prod");
  const Stage* deploy = project.app("web")->stage(StageKind::Deploy);
  EXPECT_EQ(deploy->use, "nomad");
  EXPECT_EQ(*deploy->settings.find("count")->integer(), 9);
  EXPECT_EQ(deploy->settings.find("env")->table()->size(), 2u);
  EXPECT_EQ(*project.variables[0].defaultValue->text(), "http://there");
}

TEST_F(Shop, ReplacesAStageWhereAWorkspaceUsesAnotherComponent) {
  const Project project = load("test");
  const Stage* deploy = project.app("web")->stage(StageKind::Deploy);
  EXPECT_EQ(deploy->use, "local");
  EXPECT_EQ(deploy->settings.find("count"), nullptr);
  EXPECT_TRUE(deploy->hooks.empty());
}

TEST_F(Shop, PutsAnAppsLabelsOverTheProjects) {
  const Project project = load();
  EXPECT_EQ(*project.app("web")->labels.at("team").text(), "checkout");
  EXPECT_EQ(*project.app("jobs")->labels.at("team").text(), "core");
}

struct Variable : testing::Test {
  Result<Variables, Errors> read(const std::string& declared, std::vector<std::string> assignments,
                                 std::map<std::string, std::string> environment = {},
                                 const std::string& file = "", const std::string& name = "vars.toml") {
    folder.write("cairn.toml", "project = \"p\"\n[app.a.deploy]\nuse = \"null\"\n" + declared);
    VariableInputs inputs{.assignments = std::move(assignments)};
    inputs.environment = [environment](const std::string& name) -> std::optional<std::string> {
      const auto found = environment.find(name);
      return found == environment.end() ? std::nullopt : std::optional(found->second);
    };
    if (!file.empty()) {
      folder.write(name, file);
      inputs.files = {folder.path() / name};
    }
    auto project = loadFrom(folder);
    if (!project) return std::move(project).error();
    return readVariables(*project, inputs);
  }
  TempFolder folder;
};

TEST_F(Variable, TakesTheLastOfDefaultEnvironmentFileAndFlag) {
  const std::string declared = "[variables.a-b]\ndefault = \"d\"\n";
  EXPECT_EQ(read(declared, {})->at("a-b").source, "default");
  EXPECT_EQ(read(declared, {}, {{"CAIRN_VAR_A_B", "e"}})->at("a-b").source, "CAIRN_VAR_A_B");
  EXPECT_EQ(*read(declared, {}, {{"CAIRN_VAR_A_B", "e"}}, "a-b = \"f\"\n")->at("a-b").value.text(), "f");
  EXPECT_EQ(*read(declared, {"a-b=x=y"}, {}, "a-b = \"f\"\n")->at("a-b").value.text(), "x=y");
}

TEST_F(Variable, ReadsTextByItsType) {
  const auto values = read(
      "[variables.n]\ntype = \"number\"\n[variables.b]\ntype = \"bool\"\n[variables.l]\ntype = \"list\"\n",
      {"n=4", "b=true", "l=[1, \"x\"]"});
  ASSERT_TRUE(values) << told(values.error());
  EXPECT_EQ(std::get<std::int64_t>(values->at("n").value.value), 4);
  EXPECT_EQ(values->at("l").value.list()->size(), 2u);
}

TEST_F(Variable, ReadsAFileOfJsonByItsName) {
  const std::string declared =
      "[variables.n]\ntype = \"number\"\n[variables.m]\ntype = \"map\"\n[variables.t]\n";
  const auto values =
      read(declared, {}, {}, R"({"n": 1.5, "t": "x", "m": {"a": [1, true, {"b": "c"}]}})", "vars.json");
  ASSERT_TRUE(values) << told(values.error());
  EXPECT_EQ(std::get<double>(values->at("n").value.value), 1.5);
  EXPECT_EQ(*values->at("t").value.text(), "x");
  EXPECT_EQ(toJson(values->at("m").value), R"({"a":[1,true,{"b":"c"}]})");
}

TEST_F(Variable, OfAFileOfJsonAreCheckedAsThoseOfToml) {
  const std::string declared = "[variables.n]\ntype = \"number\"\ndefault = 1\n";
  const auto toldOf = [&](const std::string& file) {
    const auto values = read(declared, {}, {}, file, "vars.json");
    std::string out = values ? "nothing" : told(values.error());
    for (std::size_t at; (at = out.find(folder.path().string() + "/")) != std::string::npos;)
      out.erase(at, folder.path().string().size() + 1);
    return out;
  };
  EXPECT_EQ(toldOf("{\n \"n\": oh }"),
            "2:7 json-syntax: this is no JSON | a file whose name doesn't end in .json is read as TOML\n");
  EXPECT_EQ(toldOf("[1]").find("wrong-type: vars.json: the variables must be an object, not a list | "), 0u);
  EXPECT_EQ(toldOf("{\"n\": null}").find("wrong-type: vars.json: 'n' is null, which no variable can be | "),
            0u);
  EXPECT_EQ(toldOf("{\"n\": \"1\"}").find("wrong-type: "), 0u);
  EXPECT_EQ(toldOf("{\"m\": 1}").find("unknown-variable: "), 0u);
}

TEST_F(Variable, SaysHowAMissingOneCanBeGiven) {
  EXPECT_EQ(told(read("[variables.key]\nsecret = true\n", {}).error()),
            "4:12 missing-variable: variable 'key' has no value | give it with --var key=…, with "
            "CAIRN_VAR_KEY=… in the "
            "environment, or with `key = …` in a file named by --var-file\n");
}

TEST_F(Variable, NeverShowsTheValueOfASecretOne) {
  EXPECT_EQ(told(read("[variables.n]\ntype = \"number\"\nsecret = true\n", {"n=hunter2"}).error()),
            "4:12 wrong-type: variable 'n' must be a number, but its value from --var is not\n");
}

TEST_F(Variable, NamesTheNearestOfAnUnknownOne) {
  const auto values = read("[variables.api]\ndefault = \"\"\n", {"apo=1"});
  ASSERT_FALSE(values);
  EXPECT_EQ(values.error()[0].code, "unknown-variable");
  EXPECT_EQ(values.error()[0].hint, "did you mean 'api'?");
}

}  // namespace
}  // namespace cairn::host
