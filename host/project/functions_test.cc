// One row a function and name of ${…}: what it is worth, and what is said to wrong arguments.

#include "host/project/functions.h"
#include "host/project/evaluate.h"
#include "host/project/test_words.h"

#include <ostream>
#include <set>

namespace cairn::host {
namespace {

struct Row {
  const char* expression;
  const char* worth;  // JSON, or "8: what is wrong", which is at byte 8
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.expression;
}

class Expressions : public testing::TestWithParam<Row> {};

// Every git fact is another text, so that none can stand for another.
const GitFacts kTagged = {.commit = "c0ffee0000000000000000000000000000000000",
                          .branch = "topic",
                          .tag = "v1.2",
                          .dirty = true,
                          .pretty = "v1.2-dirty.01234567",
                          .commitTime = "2026-01-02T03:04:05Z",
                          .remote = "https://example.test/shop.git"};

std::string worthOf(const std::string& expression, const Scope& scope) {
  const auto datum = evaluateText("${" + expression + "}", scope);
  return datum ? toJson(*datum) : std::to_string(datum.error().offset) + ": " + datum.error().message;
}

TEST_P(Expressions, AreWorthWhatTheReferenceSays) {
  TempFolder folder;
  folder.write("notes.txt", "two\nlines\n");
  folder.write("dear.txt", "Dear ${name}, ${app} is at ${git.short}");
  GitSource git(kTagged);
  Scope scope{.project = "shop",
              .projectPath = folder.path(),
              .app = "web",
              .appPath = "/src/web",
              .workspace = "prod",
              .labels = {{"team", "core"}},
              .git = &git,
              .environment = [](const std::string& name) { return std::optional("<" + name + ">"); },
              .environmentAllowed = {"CI"}};
  scope.variables["empty"] = {{.value = std::string()}, false, "--var"};
  scope.outputs["artifact"] = {.value = Datum::Map{{"digest", {.value = std::string("sha256:1")}}}};
  std::string worth = worthOf(GetParam().expression, scope);
  const std::string place = folder.path().string();
  for (std::size_t at; (at = worth.find(place)) != std::string::npos;)
    worth.replace(at, place.size(), "/shop");
  EXPECT_EQ(worth, GetParam().worth);
}

constexpr Row kNames[] = {
    {"git.commit", R"("c0ffee0000000000000000000000000000000000")"},
    {"git.short", R"("c0ffee0")"},
    {"git.branch", R"("topic")"},
    {"git.tag", R"("v1.2")"},
    {"git.ref", R"("v1.2")"},
    {"git.pretty", R"("v1.2-dirty.01234567")"},
    {"git.ref_pretty", R"("v1.2-dirty.01234567")"},
    {"git.dirty", "true"},
    {"git.commit_time", R"("2026-01-02T03:04:05Z")"},
    {"git.remote", R"("https://example.test/shop.git")"},
    {"git.comit", "6: there is no 'comit' in it"},
    {"app", R"("web")"},
    {"app.name", R"("web")"},
    {"app.path", R"("/src/web")"},
    {"project", R"("shop")"},
    {"project.name", R"("shop")"},
    {"project.path", R"("/shop")"},
    {"workspace", R"("prod")"},
    {"workspace.name", R"("prod")"},
    {"labels.team", R"("core")"},
    {"labels['team']", R"("core")"},
    {"env.CI", R"("<CI>")"},
    {"env.HOME", "6: there is no 'HOME' in it"},
    {"var.empty", R"("")"},
    {"artifact.digest", R"("sha256:1")"},
    {"nobody", "2: there is nothing named 'nobody' here"},
};

constexpr Row kText[] = {
    {"base64decode('aGVsbG8=')", R"("hello")"},
    {"base64decode('a b')", "2: this is no base64"},
    {"base64encode('hello')", R"("aGVsbG8=")"},
    {"base64encode('hell')", R"("aGVsbA==")"},
    {"base64encode('')", R"("")"},
    {"format('{} and {}!', 'a', 2)", R"("a and 2!")"},
    {"format('none')", R"("none")"},
    {"format('{} {}', 'a')", "2: format() has more {} than arguments"},
    {"format('{}', 'a', 'b')", "2: format() has more arguments than {}"},
    {"format(1)", "9: the first argument of format() is a whole number, but must be a string"},
    {"join(', ', ['a', 1, true])", R"("a, 1, true")"},
    {"join(',', [])", R"("")"},
    {"join(['a'], ',')", "7: the first argument of join() is a list, but must be a string"},
    {"jsondecode('1e999')", "2: a number of this JSON is larger than any that can be held"},
    {"jsondecode('[1, {\"a\": null}]')", R"([1,{"a":null}])"},
    {"jsonencode({a = [1, 'x'], b = null})", R"("{\"a\":[1,\"x\"],\"b\":null}")"},
    {"jsonencode()", "2: jsonencode() takes 1 argument, not 0"},
    {"lower('ÄBc')", "\"Äbc\""},
    {"lower(true)", "8: the first argument of lower() is a bool, but must be a string"},
    {"replace('a.b.c', '.', '--')", R"("a--b--c")"},
    {"replace('aaa', 'a', 'aa')", R"("aaaaaa")"},
    {"replace('abc', 'x', 'y')", R"("abc")"},
    {"replace('abc', '', 'y')", "2: replace() can't look for an empty text"},
    {"replace('abc', 'a', 1)", "22: the third argument of replace() is a whole number, but must be a string"},
    {"sha256('abc')", R"("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")"},
    {"sha256([])", "9: the first argument of sha256() is a list, but must be a string"},
    {"split(',', 'a,,b')", R"(["a","","b"])"},
    {"split(',', '')", "[]"},
    {"split('', 'abc')", "2: split() needs a separator"},
    {"string(1)", R"("1")"},
    {"string(1.5)", R"("1.5")"},
    {"string(false)", R"("false")"},
    {"string(null)", R"("")"},
    {"string([1, 'a'])", R"("[1,\"a\"]")"},
    {"substr('abcdef', 2)", R"("cdef")"},
    {"substr('abcdef', 2, 3)", R"("cde")"},
    {"substr('abcdef', 4, 9)", R"("ef")"},
    {"substr('abcdef', 6)", R"("")"},
    {"substr('abcdef', 1 )", R"("bcdef")"},
    {"substr('abc', -1)", "2: substr() takes no negative numbers"},
    {"substr('abc', 1, -1)", "2: substr() takes no negative numbers"},
    {"substr('abc', 1.5)", "16: the second argument of substr() is a number, but must be a whole number"},
    {"substr('abc')", "2: substr() takes 2 to 3 arguments, not 1"},
    {"trim(' \t a b \n')", R"("a b")"},
    {"trim('  ')", R"("")"},
    {"trim(1)", "7: the first argument of trim() is a whole number, but must be a string"},
    {"upper('äbC')", "\"äBC\""},
    {"upper('a', 'b')", "2: upper() takes 1 argument, not 2"},
};

constexpr Row kCollections[] = {
    {"concat('a', 1)", R"("a1")"},
    {"concat([1], ['a'])", R"([1,"a"])"},
    {"concat()", R"("")"},
    {"concat([1], 'a')", "2: concat() joins lists with lists, not with a string"},
    {"concat('a', [1])", "2: concat() joins strings with strings, not with a list"},
    {"contains(['a', 2], 2)", "true"},
    {"contains(['a', 2], 'b')", "false"},
    {"contains({a = 1}, 'a')", "true"},
    {"contains({a = 1}, 'b')", "false"},
    {"contains('haystack', 'stack')", "true"},
    {"contains('haystack', 'needle')", "false"},
    {"contains('1', 1)", "2: contains() looks for a string here, not for a whole number"},
    {"contains(1, 'a')", "2: contains() can't look into a whole number"},
    {"eq('a', 'a')", "true"},
    {"eq('a', 'b')", "false"},
    {"eq(1, 1.0)", "true"},
    {"eq(1, '1')", "false"},
    {"eq([1, {a = 2}], [1, {a = 2}])", "true"},
    {"eq(1)", "2: eq() takes 2 arguments, not 1"},
    {"keys({b = 1, a = 2})", R"(["a","b"])"},
    {"keys([])", "7: the first argument of keys() is a list, but must be a map"},
    {"length([1, 2])", "2"},
    {"length({a = 1})", "1"},
    {"length('äb')", "3"},
    {"length(1)", "2: length() can't measure a whole number"},
    {"lookup({a = 1}, 'a')", "1"},
    {"lookup({a = 1}, 'a', 2)", "1"},
    {"lookup({a = 1}, 'b', 2)", "2"},
    {"lookup({a = 1}, 'b')", "2: the map has no key 'b'"},
    {"lookup('a', 'b')", "9: the first argument of lookup() is a string, but must be a map"},
    {"merge({a = 1, b = 1}, {b = 2}, {c = 3})", R"({"a":1,"b":2,"c":3})"},
    {"merge({}, 1)", "12: the second argument of merge() is a whole number, but must be a map"},
    {"not(true)", "false"},
    {"not(eq(1, 2))", "true"},
    {"not('true')", "2: not() takes a bool, not a string"},
    {"number('42')", "42"},
    {"number('-1.5')", "-1.5"},
    {"number(7)", "7"},
    {"number('7 apples')", "2: number() can't read this text as a number"},
    {"number(true)", "2: number() can't read a bool"},
    {"values({b = 1, a = 'x'})", R"(["x",1])"},
    {"values('a')", "9: the first argument of values() is a string, but must be a map"},
};

constexpr Row kChoices[] = {
    {"default('given', 'other')", R"("given")"},
    {"default(0, 1)", "0"},
    {"default(false, true)", "false"},
    {"default(null, 'other')", R"("other")"},
    {"default('', 'other')", R"("other")"},
    {"default(var.empty, 'other')", R"("other")"},
    {"default(labels.none, 'other')", R"("other")"},
    {"default([1][3], 'other')", R"("other")"},
    {"default(upper(1), 'other')",
     "16: the first argument of upper() is a whole number, but must be a string"},
    {"if(true, 'yes', 'no')", R"("yes")"},
    {"if(false, 'yes', 'no')", R"("no")"},
    {"if(false, file('none'), 'no')", R"("no")"},
    {"if('true', 1, 2)", "5: if() decides by a bool, not by a string"},
    {"if(true, 1)", "2: if() takes 3 arguments, not 2"},
};

constexpr Row kFiles[] = {
    {"abspath('web/../src')", R"("/shop/src")"},
    {"abspath('/etc/hosts')", R"("/etc/hosts")"},
    {"abspath(1)", "10: the first argument of abspath() is a whole number, but must be a string"},
    {"basename('a/b.txt')", R"("b.txt")"},
    {"basename('a/')", R"("")"},
    {"basename(1)", "11: the first argument of basename() is a whole number, but must be a string"},
    {"dirname('a/b/c.txt')", R"("a/b")"},
    {"dirname('c.txt')", R"("")"},
    {"dirname(1)", "10: the first argument of dirname() is a whole number, but must be a string"},
    {"file('notes.txt')", R"("two\nlines\n")"},
    {"file(1)", "7: the first argument of file() is a whole number, but must be a string"},
    {"template('dear.txt', {name = 'Ann'})", R"("Dear Ann, web is at c0ffee0")"},
    {"template('notes.txt')", R"("two\nlines\n")"},
    {"template('notes.txt', 1)",
     "24: the second argument of template() is a whole number, but must be a map"},
};

INSTANTIATE_TEST_SUITE_P(Names, Expressions, testing::ValuesIn(kNames));
INSTANTIATE_TEST_SUITE_P(Text, Expressions, testing::ValuesIn(kText));
INSTANTIATE_TEST_SUITE_P(Collections, Expressions, testing::ValuesIn(kCollections));
INSTANTIATE_TEST_SUITE_P(Choices, Expressions, testing::ValuesIn(kChoices));
INSTANTIATE_TEST_SUITE_P(Files, Expressions, testing::ValuesIn(kFiles));

TEST(Functions, AllHaveARow) {
  std::set<std::string> rows;
  for (const auto& table : {std::span<const Row>(kText), std::span<const Row>(kCollections),
                            std::span<const Row>(kChoices), std::span<const Row>(kFiles)}) {
    for (const Row& row : table)
      rows.insert(std::string(row.expression).substr(0, std::string(row.expression).find('(')));
  }
  for (const std::string& name : functionNames()) EXPECT_EQ(rows.count(name), 1u) << name;
}

// git.ref is the first that there is of tag, branch and commit.
TEST(GitRef, IsTheBranchWhereThereIsNoTagAndTheCommitWhereHeadIsDetached) {
  GitFacts facts = kTagged;
  facts.tag.clear();
  GitSource onBranch(facts);
  facts.branch.clear();
  facts.dirty = false;
  GitSource detached(facts);
  EXPECT_EQ(worthOf("git.ref", Scope{.git = &onBranch}), R"("topic")");
  EXPECT_EQ(worthOf("git.ref", Scope{.git = &detached}), '"' + kTagged.commit + '"');
  EXPECT_EQ(worthOf("git.dirty", Scope{.git = &detached}), "false");
}

}  // namespace
}  // namespace cairn::host
