// What cairn.toml may say about mappers, and what is said where it is wrong.

#include "host/project/test_words.h"

#include <chrono>

namespace cairn::host {
namespace {

const char* const kStart = R"(project = "shop"
[app.web]
registry.use = "null"
build.use = "null"
[app.web.deploy]
use = "nomad"
[app.jobs.deploy]
use = "local"
)";

struct Mappers : testing::Test {
  Result<Project, Errors> read(const std::string& text, const std::string& workspace = "default") {
    folder.write("cairn.toml", kStart + text);
    return loadFrom(folder, workspace);
  }
  Project load(const std::string& text, const std::string& workspace = "default") {
    auto project = read(text, workspace);
    EXPECT_TRUE(project) << told(project.error());
    return project ? std::move(*project) : Project();
  }
  std::string refusal(const std::string& text) {
    auto project = read(text);
    return project ? "no error" : told(project.error());
  }
  TempFolder folder;
};

std::string scan(const std::string& more, const std::string& table = "mapper") {
  return "[[" + table +
         "]]\nname = \"scan\"\nfrom = \"oci.Image\"\nto = \"oci.Image\"\nrun = [\"./scan.sh\"]\n" + more;
}

TEST_F(Mappers, TakeACommandWithAllItsKeys) {
  folder.write("tools/scan.sh", "");
  const Project project =
      load(scan("gate = [\"deploy\"]\ncost = 7\nlossy = true\neffects = \"effectful\"\n"
                "timeout = \"2m\"\nenvironment = [\"TOKEN\", \"AWS_*\"]\nfolder = \"tools\"\n"));
  ASSERT_EQ(project.mappers.size(), 1u);
  const MapperDeclaration& mapper = project.mappers[0];
  EXPECT_EQ(mapper.name, "scan");
  EXPECT_EQ(mapper.inputs[0].type, "oci.Image");
  EXPECT_EQ(mapper.output.type, "oci.Image");
  EXPECT_EQ(mapper.kind, MapperKind::Run);
  EXPECT_EQ(*mapper.run[0].text(), "./scan.sh");
  EXPECT_EQ(mapper.cost, 7u);
  EXPECT_TRUE(mapper.lossy);
  EXPECT_EQ(mapper.effects, DeclaredEffects::Effectful);
  EXPECT_EQ(mapper.timeout, std::chrono::minutes(2));
  EXPECT_EQ(mapper.environment, (std::vector<std::string>{"TOKEN", "AWS_*"}));
  EXPECT_EQ(mapper.folder, folder.path() / "tools");
  EXPECT_EQ(mapper.position.line, 9);
}

TEST_F(Mappers, NameSeveralInputsByTheirRoles) {
  const Project project = load(
      "[[mapper]]\nname = \"sign\"\ninputs = { image = \"oci.Image\", proof = \"cosign.Signature\" }\n"
      "to = \"cosign.SignedImage\"\nset = { reference = \"${input.image.reference}\" }\n");
  const MapperDeclaration& mapper = project.mappers.at(0);
  ASSERT_EQ(mapper.inputs.size(), 2u);
  EXPECT_EQ(mapper.inputs[0].role, "image");
  EXPECT_EQ(mapper.inputs[1].role, "proof");
  EXPECT_EQ(mapper.inputs[1].type, "cosign.Signature");
  EXPECT_EQ(mapper.kind, MapperKind::Set);
}

TEST_F(Mappers, CallInputsInAListByTheirTypes) {
  const Project project = load(
      "[[mapper]]\nname = \"sign\"\ninputs = [\"oci.Image\", \"cosign.RawSignature\"]\n"
      "to = \"cosign.SignedImage\"\nrun = [\"sign\", \"${input.raw_signature.key}\"]\n");
  EXPECT_EQ(project.mappers.at(0).inputs[0].role, "image");
  EXPECT_EQ(project.mappers.at(0).inputs[1].role, "raw_signature");
}

TEST_F(Mappers, WantRolesForTwoInputsOfOneType) {
  EXPECT_EQ(
      refusal("[[mapper]]\nname = \"join\"\ninputs = [\"oci.Image\", \"oci.Image\"]\nto = \"oci.Index\"\n"
              "run = [\"join\"]\n"),
      "11:24 bad-mapper: two inputs of 'mapper.join.inputs' would both be called 'image' | name them: inputs "
      "= { base = \"oci.Image\", app = \"oci.Image\" }\n");
}

TEST_F(Mappers, OfAPluginTakeSettings) {
  const Project project = load(
      "[[mapper]]\nname = \"squash\"\nfrom = \"oci.Image\"\nto = \"docker.Image\"\n"
      "use = \"docker/squash\"\nsettings = { level = 3 }\n");
  EXPECT_EQ(project.mappers.at(0).kind, MapperKind::Use);
  EXPECT_EQ(project.mappers.at(0).use, "docker/squash");
  EXPECT_EQ(*project.mappers.at(0).settings.find("level")->integer(), 3);
}

TEST_F(Mappers, StandAsGatesBeforeStagesComponentsAndApps) {
  const Project project =
      load(scan("gate = [\"push\", \"deploy.nomad\", \"app.web\", \"app.jobs.deploy\"]\n"));
  const auto& gate = project.mappers.at(0).gate;
  ASSERT_EQ(gate.size(), 4u);
  EXPECT_TRUE(gate[0].covers("jobs", "registry", "docker"));
  EXPECT_TRUE(gate[1].covers("web", "deploy", "nomad"));
  EXPECT_TRUE(gate[1].covers("web", "deploy", "nomad/batch"));
  EXPECT_FALSE(gate[1].covers("web", "deploy", "nomads"));
  EXPECT_TRUE(gate[2].covers("web", "release", ""));
  EXPECT_FALSE(gate[2].covers("jobs", "release", ""));
  EXPECT_TRUE(gate[3].covers("jobs", "deploy", "local"));
  EXPECT_FALSE(gate[3].covers("jobs", "build", "local"));
  EXPECT_EQ(gate[0].text(), "registry");
  EXPECT_EQ(gate[1].text(), "deploy.nomad");
  EXPECT_EQ(gate[3].text(), "app.jobs.deploy");
}

TEST_F(Mappers, CannotStandWhereNothingIs) {
  EXPECT_EQ(
      refusal(scan("gate = [\"deplyo\", \"deploy.nomda\", \"app.wbe\"]\n")),
      "14:9 unknown-gate-place: 'mapper.scan.gate' can't be \"deplyo\": 'deplyo' is no stage; did you mean "
      "'deploy'? | write a stage, \"deploy\", one of its components, \"deploy.nomad\", an app, \"app.web\", "
      "or "
      "an app's stage, \"app.web.deploy\"\n");
  EXPECT_EQ(
      refusal(scan("gate = [\"deploy.nomda\", \"app.wbe\"]\n")),
      "14:9 unknown-gate-place: mapper 'scan' is a gate of 'deploy.nomda', but no app has deploy.use = "
      "\"nomda\" | did you mean 'nomad'?\n"
      "14:25 unknown-app: mapper 'scan' is a gate of 'wbe', which is no app of this file | did you mean "
      "'web'?\n");
}

TEST_F(Mappers, CannotStandBeforeAStageThatNoneOfTheirAppsHas) {
  EXPECT_EQ(refusal(scan("gate = [\"push\"]\napps = [\"jobs\"]\n")),
            "14:9 unknown-gate-place: mapper 'scan' is a gate of 'registry', but the app 'jobs' has no stage "
            "'registry' | name a stage that is there, or add it: [app.jobs.registry]\n");
  EXPECT_EQ(refusal(scan("gate = [\"push\"]\n")), "no error");
}

TEST_F(Mappers, MayStandBeforeAReleaseThatThePlatformDoes) {
  EXPECT_EQ(refusal(scan("gate = [\"release\"]\n")), "no error");
}

TEST_F(Mappers, FromATypeToItselfAreSwitchedOffInAWorkspaceByAnEmptyGate) {
  const std::string text = scan("gate = [\"deploy\"]\n") + scan("gate = []\n", "workspace.dev.mapper");
  EXPECT_TRUE(load(text).mappers.at(0).isFor("web"));
  EXPECT_FALSE(load(text, "dev").mappers.at(0).isFor("web"));
}

TEST_F(Mappers, FromATypeToItselfMustBeGates) {
  EXPECT_EQ(refusal(scan("")),
            "12:6 mapper-never-used: mapper 'scan' makes oci.Image from oci.Image and is no gate, so it "
            "would never "
            "be used | say what must pass it, such as gate = [\"deploy\"]\n");
}

TEST_F(Mappers, OfOneScopeHaveDifferentNames) {
  EXPECT_EQ(
      refusal(scan("gate = [\"deploy\"]\n") + scan("gate = [\"deploy\"]\n")),
      "16:8 duplicate-mapper: mapper 'scan' is declared twice, first at line 9 | give one of them another "
      "name\n");
}

TEST_F(Mappers, OfAnAppHideTheProjectsOnlyThere) {
  const Project project =
      load(scan("gate = [\"deploy\"]\n") + scan("gate = [\"deploy\"]\n", "app.web.mapper"));
  ASSERT_EQ(project.mappers.size(), 2u);
  EXPECT_FALSE(project.mappers[0].isFor("web"));
  EXPECT_TRUE(project.mappers[0].isFor("jobs"));
  EXPECT_TRUE(project.mappers[1].isFor("web"));
  EXPECT_FALSE(project.mappers[1].isFor("jobs"));
  EXPECT_EQ(project.mappers[0].id(), "project/scan");
  EXPECT_EQ(project.mappers[1].id(), "project/web.scan");
}

TEST_F(Mappers, OfAWorkspaceReplaceTheWholeDeclaration) {
  const std::string text =
      scan("gate = [\"deploy\"]\ncost = 9\n") + scan("gate = [\"release\"]\n", "workspace.prod.mapper");
  EXPECT_EQ(load(text).mappers.at(0).cost, 9u);
  const Project prod = load(text, "prod");
  ASSERT_EQ(prod.mappers.size(), 1u);
  EXPECT_EQ(prod.mappers[0].gate[0].stage, "release");
  EXPECT_EQ(prod.mappers[0].cost, std::nullopt);
}

TEST_F(Mappers, OfAWorkspacesAppAreTheNarrowestOfAll) {
  const Project project = load(scan("gate = [\"deploy\"]\n", "app.web.mapper") +
                                   scan("gate = [\"release\"]\n", "workspace.prod.app.web.mapper"),
                               "prod");
  ASSERT_EQ(project.mappers.size(), 1u);
  EXPECT_EQ(project.mappers[0].app, "web");
  EXPECT_EQ(project.mappers[0].gate[0].stage, "release");
}

TEST_F(Mappers, DoNotLoseAGateBySilence) {
  const std::string silent =
      "[[app.web.mapper]]\nname = \"scan\"\nfrom = \"oci.Image\"\nto = \"acme.Report\"\n"
      "run = [\"./scan.sh\"]\n";
  EXPECT_EQ(refusal(scan("gate = [\"deploy\"]\n") + silent),
            "15:1 gate-lost: mapper 'scan' takes the place of the gate at line 9, but doesn't say where it "
            "stands | "
            "write gate = [\"deploy\"] here too, or gate = [] where no gate is meant\n");
  EXPECT_EQ(refusal(scan("gate = [\"deploy\"]\n") + silent + "gate = []\n"), "no error");
}

TEST_F(Mappers, ComeAfterGatesThatExist) {
  const std::string fix = "[[mapper]]\nname = \"fix\"\nfrom = \"a.A\"\nto = \"a.B\"\nrun = [\"fix\"]\n";
  EXPECT_EQ(
      refusal(scan("gate = [\"deploy\"]\nafter = [\"sign\", \"fix\"]\n") + fix),
      "15:10 unknown-gate: mapper 'scan' comes after 'sign', which is no mapper here | did you mean 'scan'?\n"
      "15:18 unknown-gate: mapper 'scan' comes after 'fix', which is no gate | known: scan\n");
}

TEST_F(Mappers, ComeAfterEachOtherInNoCircle) {
  std::string text;
  for (const char* name : {"a", "b", "c"}) {
    const std::string after = name[0] == 'a' ? "c" : std::string(1, static_cast<char>(name[0] - 1));
    text += std::string("[[mapper]]\nname = \"") + name +
            "\"\nfrom = \"x.T\"\nto = \"x.T\"\nrun = [\"true\"]\ngate = \"deploy\"\nafter = [\"" + after +
            "\"]\n";
  }
  EXPECT_EQ(
      refusal(text),
      "22:10 gate-cycle: gates come after each other in a circle: a → c → b → a | take one of them out of "
      "`after`\n");
}

TEST_F(Mappers, DoOneThing) {
  EXPECT_EQ(refusal(scan("gate = [\"deploy\"]\nset = { a = 1 }\n")),
            "15:7 one-of: 'mapper.scan.set' can't be set: the mapper does another thing | a mapper has one "
            "of `run`, "
            "`set` and `use`\n");
}

TEST_F(Mappers, AreToldAllTheirMistakesAtOnce) {
  EXPECT_EQ(
      refusal("[[mapper]]\nname = \"Scan\"\nform = \"oci.Image\"\nto = \"image\"\nset = { a = 1 }\n"
              "folder = \"x\"\npure = true\neffects = \"pure\"\n"),
      "9:1 missing-key: 'mapper[0]' has no 'from' | name the type that it takes, such as from = "
      "\"oci.Image\"\n"
      "10:8 bad-name: 'Scan' is no name for a mapper: only lower-case letters, digits and '-' are allowed\n"
      "11:1 unknown-key: there is no key 'form' in 'mapper[0]' | did you mean 'from'?\n"
      "12:6 bad-value: 'mapper[0].to' is \"image\", which is no type's name: a namespace and '.' are missing "
      "in front | types are written like \"oci.Image\"\n"
      "14:10 no-folder: 'mapper[0].folder' is \"x\", which is no folder | paths are relative to the folder "
      "of "
      "cairn.toml\n"
      "14:10 misplaced-key: 'mapper[0].folder' is for a mapper with `run`; this one has `set` | take the key "
      "out\n"
      "15:8 one-of: 'mapper[0].pure' can't be set beside 'effects' | pure = true is short for effects = "
      "\"pure\"\n");
}

TEST_F(Mappers, OfWorkspacesThatAreNotChosenAreCheckedToo) {
  EXPECT_EQ(
      refusal("[[workspace.prod.mapper]]\nname = \"x\"\nfrom = \"a.A\"\nto = \"a.B\"\nrun = []\n"),
      "13:7 bad-value: 'workspace.prod.mapper.x.run' names no program | name one: run = [\"./scan.sh\"]\n");
}

TEST_F(Mappers, StandInNoStage) {
  EXPECT_EQ(refusal("[[app.web.deploy.mapper]]\nname = \"x\"\n"),
            "9:1 misplaced-key: 'app.web.deploy.mapper': a stage has no mappers | declare it under "
            "[[app.web.mapper]]; gate = [\"deploy\"] ties it to this stage\n");
}

TEST_F(Mappers, UseOnlyNamesThatExist) {
  EXPECT_EQ(
      refusal(
          "[[mapper]]\nname = \"sign\"\ninputs = { image = \"oci.Image\", proof = \"c.Proof\" }\n"
          "to = \"c.Signed\"\nrun = [\"sign\", \"${input.imag.x}\", \"${var.key}\", \"${artifact.x}\"]\n"),
      "13:25 unknown-input: this mapper has no input 'imag' | did you mean 'image'?\n"
      "13:42 unknown-variable: there is no variable 'key' | declare it: [variables.key]\n"
      "13:52 bad-expression: 'artifact' is not there in a mapper | what stages made is seen in stages and "
      "hooks; here there are var, git, app, project, workspace, labels, env, input\n");
}

TEST_F(Mappers, PutNoSecretIntoArguments) {
  EXPECT_EQ(refusal("[variables.key]\nsecret = true\n[[mapper]]\nname = \"x\"\nfrom = \"a.A\"\nto = \"a.B\"\n"
                    "run = [\"x\", \"--key=${upper(var.key)}\"]\n"),
            "15:32 secret-in-arguments: 'key' is a secret, and everyone on the machine can read a command's "
            "arguments | give it in the environment: environment = [\"NAME\"]\n");
}

TEST_F(Mappers, AreTenThousandInBoundedTime) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) {
    const std::string n = std::to_string(i);
    text += "[[mapper]]\nname = \"m" + n + "\"\nfrom = \"acme.T" + n +
            "\"\nto = \"acme.U\"\nrun = [\"m\", "
            "\"${input.x}\"]\n" +
            (i > 0 ? "gate = [\"deploy\"]\nafter = [\"m" + std::to_string(i - 1) + "\"]\n"
                   : "gate = [\"deploy\"]\n");
  }
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(load(text).mappers.size(), 10'000u);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  RecordProperty("seconds", std::to_string(took.count()));
  EXPECT_LT(took.count(), 60.0);  // 0.3 s on a machine that is idle; what has no bound takes far longer
}

TEST_F(Mappers, TenThousandWithAMistakeAreToldInBoundedTime) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) {
    text += "[[mapper]]\nname = \"m" + std::to_string(i) +
            "\"\nfrom = \"a.A\"\nto = \"a.B\"\nrun = [\"m\", \"${inptu.x}\"]\ngate = [\"deploy\"]\nafter = "
            "[\"none\"]\n";
  }
  const auto project = read(text);
  ASSERT_FALSE(project);
  EXPECT_EQ(project.error().size(), 20'000u);
}

TEST_F(Mappers, AreRuledByPinsAndPreferences) {
  const Project project = load(
      "[mappers]\npolicy = \"lossless\"\nstrict = true\npin = [\"docker/to-oci\"]\n"
      "forbid = [\"pack\"]\nprefer = [\"oci.Image\", \"docker@1.2.0/to-oci\"]\n");
  const MapperRules& rules = project.mapperRules;
  EXPECT_EQ(rules.policy, MapperPolicy::Lossless);
  EXPECT_TRUE(rules.strict);
  EXPECT_EQ(rules.pin.at(0).kind, MapperRule::Kind::Mapper);
  EXPECT_EQ(rules.forbid.at(0).kind, MapperRule::Kind::Plugin);
  EXPECT_EQ(rules.prefer.at(0).kind, MapperRule::Kind::Type);
  EXPECT_EQ(rules.prefer.at(1).kind, MapperRule::Kind::Mapper);
  EXPECT_EQ(rules.prefer.at(1).position.line, 14);
}

TEST_F(Mappers, AreRuledWithoutContradiction) {
  EXPECT_EQ(
      refusal(scan("gate = [\"deploy\"]\n") +
              "[mappers]\npolicy = \"shortes\"\npin = [\"project/scam\", \"docker@1\", \"/x\", \"pack\"]\n"
              "forbid = [\"pack\"]\n"),
      "16:10 unknown-choice: 'mappers.policy' can't be \"shortes\" | did you mean 'shortest'?\n"
      "17:8 unknown-mapper: 'mappers.pin' names \"project/scam\", which this file doesn't declare | did you "
      "mean 'project/scan'?\n"
      "17:24 bad-value: 'mappers.pin' names \"docker@1\": a version belongs to a mapper: "
      "\"plugin@version/mapper\" | write a mapper, \"docker/to-oci\", a plugin, \"docker\", or a type, "
      "\"oci.Image\"\n"
      "17:36 bad-value: 'mappers.pin' names \"/x\": a part of \"plugin/mapper\" is missing | write a mapper, "
      "\"docker/to-oci\", a plugin, \"docker\", or a type, \"oci.Image\"\n"
      "17:42 rules-contradict: 'mappers.pin' names \"pack\", which is forbidden at line 18 | take it out of "
      "one of the lists\n");
}

TEST_F(Mappers, HaveTypesFromFilesOfTheProject) {
  const Project project = load("[types]\nfiles = [\"types/acme.capnp\"]\n");
  ASSERT_EQ(project.typeFiles.size(), 1u);
  EXPECT_EQ(project.typeFiles[0].path, folder.path() / "types/acme.capnp");
  EXPECT_EQ(project.typeFiles[0].position.line, 10);
}

TEST_F(Mappers, HaveNoTypesFromElsewhere) {
  EXPECT_EQ(
      refusal("[types]\nfiles = [\"../acme.capnp\", \"types.toml\", \"a.capnp\", \"a.capnp\"]\n"),
      "10:10 outside-project: 'types.files' names \"../acme.capnp\", which leads out of the project | move "
      "the "
      "file into the project's folder\n"
      "10:27 bad-value: 'types.files' names \"types.toml\", which is no .capnp file | types are written as "
      "Cap'n Proto schemas\n"
      "10:52 bad-value: 'types.files' names \"a.capnp\" twice | take one of them out\n");
}

}  // namespace
}  // namespace cairn::host
