// The real program, run.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "cli/explanations.h"
#include "cli/init/detect.h"

namespace cairn::cli {
namespace {

namespace fs = std::filesystem;

struct Ran {
  int code;
  std::string text;  // stdout and stderr
};

#define CAIRN CAIRN_BUILD_ROOT "/bin/cairn "

Ran shell(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  for (int c; (c = fgetc(pipe)) != EOF;) text += static_cast<char>(c);
  return {WEXITSTATUS(pclose(pipe)), text};
}

Ran run(const std::string& arguments) {
  return shell("exec " CAIRN + arguments + " 2>&1 </dev/null");
}

std::string textOf(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Folder {
 public:
  Folder() {
    std::string name = testing::TempDir() + "cairn-XXXXXX";
    path = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name) << text;
  }
  std::string read(const std::string& name) const { return textOf(path / name); }
  fs::path path;
};

TEST(Program, TellsItsVersionAsTextAndAsJson) {
  EXPECT_TRUE(std::regex_match(run("version").text, std::regex("cairn \\d+\\.\\d+\\.\\d+\n")));
  EXPECT_TRUE(run("version --json").text.starts_with("{\"version\":\""));
}

TEST(Program, ExitsWith2OnWhatItDoesNotUnderstand) {
  for (const char* arguments :
       {"verison", "up --no-such-flag", "-C /no/such/folder version", "plugin", "", "destroy"}) {
    EXPECT_EQ(run(arguments).code, 2) << arguments;
  }
}

TEST(Program, HelpOfEveryCommandExitsWith0) {
  EXPECT_EQ(run("--help").code, 0);
  EXPECT_EQ(run("plugin --help").code, 0);
  EXPECT_EQ(run("up --help").code, 0);
}

TEST(Program, WritesNoEscapeCodeWhereNobodyLooks) {
  EXPECT_EQ(run("--help").text.find('\x1b'), std::string::npos);
  EXPECT_EQ(run("verison").text.find('\x1b'), std::string::npos);
}

TEST(Program, TellsErrorsAsJsonToo) {
  EXPECT_EQ(run("--json verison").text,
            "{\"error\":{\"kind\":\"config\",\"code\":\"unknown-command\",\"message\":\"there is no command "
            "'verison'\","
            "\"hint\":\"did you mean version?\"}}\n");
}

TEST(Program, LeavesTheFlagsOfTheCommandThatExecRunsAlone) {
  EXPECT_FALSE(run("-C / exec some-program --json").text.starts_with("{"));
}

TEST(Program, CompletionScriptIsGoodBash) {
  EXPECT_EQ(run("completion bash | bash -n").code, 0);
}

TEST(Program, TellsTheFieldsOfAPluginsTypes) {
  EXPECT_TRUE(std::regex_search(run("-C / plugin show null").text,
                                std::regex("type null\\.Image[^]*\n  text +string")))
      << run("-C / plugin show null").text;
  EXPECT_NE(run("-C / plugin show null --json").text.find("\"fields\":[{\"name\":\"text\""),
            std::string::npos);
}

TEST(Program, ACompletionRunsNothingThatStandsInAFile) {
  Folder folder;
  folder.write("cairn.toml",
               "project = \"shop\"\n[app.web]\n[app.\"$(touch${IFS}ran)\"]\n"
               "[app.\"`touch${IFS}ran`\"]\n[app.\"*\"]\n");
  folder.write("try", "PATH=" CAIRN_BUILD_ROOT R"(/bin:$PATH
source <(cairn completion bash)
COMP_WORDS=(cairn up --app '') COMP_CWORD=3
_cairn
printf '<%s>' "${COMPREPLY[@]}")");
  shell("cd " + folder.path.string() + " && bash ./try >said");
  EXPECT_EQ(folder.read("said"), "<web>");
  EXPECT_FALSE(fs::exists(folder.path / "ran"));
}

TEST(Program, ACompletionStartsNoPluginOfTheProject) {
  Folder folder;
  folder.write("cairn.toml", "project = \"shop\"\n[plugins.own]\npath = \"own\"\n");
  folder.write("own/cairn-plugin-own", "#!/bin/sh\ntouch '" + (folder.path / "ran").string() + "'\n");
  fs::permissions(folder.path / "own/cairn-plugin-own", fs::perms::owner_all);
  const std::string at = "-C " + folder.path.string();
  EXPECT_NE(run("complete -- " + at + " plugin show ''").text.find("null"), std::string::npos);
  EXPECT_NE(run("complete -- " + at + " mapper list --to ''").text.find("null.Image"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder.path / "ran"));
  run(at + " plugin list");
  EXPECT_TRUE(fs::exists(folder.path / "ran")) << "so that this test asks what it is to ask";
}

TEST(Program, AnAnswerThatCanNotBeWrittenIsNoSuccess) {
  for (const char* command : {"version", "version --json", "plugin list --json"}) {
    Ran ran = shell(std::string(CAIRN) + command + " 2>&1 >/dev/full");
    EXPECT_EQ(ran.code, 1) << command;
    EXPECT_NE(ran.text.find("can't write to stdout: No space left on device"), std::string::npos) << ran.text;
  }
}

TEST(Program, TellsThatTheCurrentFolderIsGone) {
  Folder folder;
  fs::create_directory(folder.path / "gone");
  Ran ran = shell("cd " + (folder.path / "gone").string() + " && rmdir ../gone && " CAIRN "version 2>&1");
  EXPECT_EQ(ran.code, 2);
  EXPECT_NE(ran.text.find("can't tell the current folder"), std::string::npos) << ran.text;
}

TEST(Program, AShellItDoesNotKnowIsToldWithAllItKnows) {
  EXPECT_NE(run("completion ksh").text.find("hint: SHELL is bash, zsh or fish"), std::string::npos);
}

TEST(Init, WritesAFileOnceAndThenRefuses) {
  Folder folder;
  folder.write("public/index.html", "hi");
  EXPECT_EQ(run("init -C " + folder.path.string()).code, 0);
  std::string first = folder.read("cairn.toml");
  EXPECT_NE(first.find("use = \"local\""), std::string::npos) << first;
  EXPECT_EQ(run("init -C " + folder.path.string()).code, 3);
  EXPECT_EQ(folder.read("cairn.toml"), first);
}

TEST(Init, AsksNothingWithoutATerminal) {
  Folder folder;
  Ran ran = run("init -C " + folder.path.string());
  EXPECT_EQ(ran.code, 2);
  EXPECT_NE(ran.text.find("--command"), std::string::npos) << ran.text;
}

TEST(Init, KeepsADollarBraceOfACommandFromBecomingAnExpression) {
  Folder folder;
  run("init -C " + folder.path.string() + " --command './serve ${PORT} \"x\"'");
  EXPECT_NE(folder.read("cairn.toml").find(R"("exec ./serve $${PORT} \"x\"")"), std::string::npos)
      << folder.read("cairn.toml");
}

TEST(Init, PrefersADockerfileThenAStartCommandThenAStaticSite) {
  Folder folder;
  EXPECT_FALSE(detectApp(folder.path));
  folder.write("index.html", "hi");
  EXPECT_EQ(detectApp(folder.path)->kind, DetectedApp::Kind::StaticSite);
  folder.write("package.json", R"({"scripts": {"start": "node x"}})");
  EXPECT_EQ(detectApp(folder.path)->command, (std::vector<std::string>{"npm", "start"}));
  folder.write("Procfile", "worker: x\nweb: ./web --port $PORT\n");
  EXPECT_EQ(detectApp(folder.path)->command.back(), "exec ./web --port $PORT");
  folder.write("Dockerfile", "FROM scratch");
  EXPECT_EQ(detectApp(folder.path)->kind, DetectedApp::Kind::Dockerfile);
}

TEST(Explanations, EachHasATitleAndABody) {
  for (const Explanation& explanation : explanations()) {
    EXPECT_TRUE(explanation.text.starts_with("# ")) << explanation.name;
    EXPECT_GT(explanation.title().size(), 5u) << explanation.name;
    EXPECT_GT(explanation.body().size(), 20u) << explanation.name;
  }
}

// Codes as they are written in the sources: `.code = "x"`, `usageError("x", …`, `failed(ErrorKind::Config,
// "x", …`.
std::set<std::string> codesIn(const fs::path& root) {
  std::set<std::string> codes;
  const std::regex kCode("(?:code = |usageError\\(|ErrorKind::\\w+,\\s*)\"([a-z][a-z0-9/-]*[a-z0-9])\"");
  for (const auto& file : fs::recursive_directory_iterator(root)) {
    std::string name = file.path().filename().string();
    if (file.path().string().find("/testing/") != std::string::npos) continue;
    if (!file.is_regular_file() || name.find("_test.") != std::string::npos ||
        name.find("event_script") != std::string::npos)
      continue;
    if (file.path().extension() != ".cc" && file.path().extension() != ".h") continue;
    const std::string text = textOf(file.path());
    for (std::sregex_iterator found(text.begin(), text.end(), kCode), end; found != end; ++found)
      codes.insert((*found)[1]);
  }
  return codes;
}

// What the SDK says of files gets the name of the plugin before that says it: "unwritable",
// "files/unwritable".
bool isExplainedBehindAPluginsName(const std::string& code) {
  const auto& all = explanations();
  return std::any_of(all.begin(), all.end(),
                     [&](const Explanation& one) { return std::string(one.name).ends_with("-" + code); });
}

TEST(Explanations, EveryCodeOfTheSourcesIsExplained) {
  for (const char* folder : {"host", "cli", "mapper-graph", "plugins", "sdk", "entrypoint"}) {
    fs::path root = fs::path(CAIRN_SOURCE_ROOT) / folder;
    if (!fs::exists(root)) continue;
    const bool isShared = root.filename() == "sdk" || root.filename() == "plugins";
    for (const std::string& code : codesIn(root)) {
      EXPECT_TRUE(findExplanation(code) != nullptr || (isShared && isExplainedBehindAPluginsName(code)))
          << code << " (in " << folder << ")";
    }
  }
}

// "code  file" a line: the test that provokes an error which the real program can't be brought to from
// outside, or not on every machine.
std::map<std::string, std::string> provokedElsewhere() {
  std::ifstream in(fs::path(CAIRN_SOURCE_ROOT) / "tests/errors/elsewhere");
  std::map<std::string, std::string> out;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string code, file;
    if (words >> code >> file && code[0] != '#') out[code] = file;
  }
  return out;
}

std::set<std::string> goldenCodes() {
  std::set<std::string> out;
  for (const auto& folder : fs::directory_iterator(fs::path(CAIRN_SOURCE_ROOT) / "tests/errors")) {
    const std::string name = folder.path().filename().string();
    if (fs::exists(folder.path() / "cmd")) out.insert(name.substr(0, name.find('.')));
  }
  return out;
}

TEST(Explanations, EveryCodeHasAGoldenTestOrIsListedAsProvokedElsewhere) {
  const auto golden = goldenCodes();
  const auto elsewhere = provokedElsewhere();
  for (const Explanation& explanation : explanations()) {
    const std::string code(explanation.name);
    EXPECT_TRUE(golden.count(code) > 0 || elsewhere.count(code) > 0)
        << code << ": make tests/errors/" << code << ", or name its test in tests/errors/elsewhere";
    EXPECT_FALSE(golden.count(code) > 0 && elsewhere.count(code) > 0) << code << " is in both";
  }
}

// As a plugin's code is written in its sources: "docker/not-found".
bool mentions(const std::string& text, const std::string& code) {
  const std::regex name("[^a-z0-9/-]" + std::regex_replace(code, std::regex("-"), "[/-]") + "(?![a-z0-9-])");
  return std::regex_search(text, name);
}

TEST(Explanations, WhatIsListedAsProvokedElsewhereIsProvokedThere) {
  const std::regex kTest("[a-z0-9_/-]+_test\\.cc|tests/errors/[a-z0-9.-]+/expected");
  for (const auto& [code, file] : provokedElsewhere()) {
    EXPECT_NE(findExplanation(code), nullptr) << code;
    EXPECT_TRUE(std::regex_match(file, kTest)) << code << ": " << file << " is no test";
    const std::string text = textOf(fs::path(CAIRN_SOURCE_ROOT) / file);
    EXPECT_FALSE(text.empty()) << code << ": there is no " << file;
    EXPECT_TRUE(mentions(text, code)) << file << " says nothing of " << code;
  }
}

}  // namespace
}  // namespace cairn::cli
