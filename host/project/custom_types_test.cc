// Types of the project's own, compiled from its schemas.

#include "host/project/custom_types.h"
#include "host/project/test_words.h"

#include <cairn/dynamic/schema_set.h>
#include <cairn/manifest.capnp.h>

#include <capnp/message.h>

#include <chrono>

namespace cairn::host {
namespace {

const std::string kHead = "@0xd4c8a1f0b27e9365;\nusing Cairn = import \"/cairn/annotations.capnp\";\n";

struct CustomTypes : testing::Test {
  Result<std::vector<std::uint64_t>, Errors> compile(const std::vector<std::string>& files) {
    std::string list;
    for (const std::string& file : files) list += "\"" + file + "\",";
    folder.write("cairn.toml",
                 "project = \"p\"\n[app.a.deploy]\nuse = \"null\"\n[types]\nfiles = [" + list + "]\n");
    auto project = loadFrom(folder);
    if (!project) return std::move(project).error();
    return compileTypes(*project);
  }
  std::string refusal(const std::vector<std::string>& files) {
    auto types = compile(files);
    return types ? "no error" : placed(types.error());
  }
  // "a.capnp:3:1 code: message", with the hint for what stands in cairn.toml.
  std::string placed(const Errors& errors) {
    std::string out;
    for (const Error& error : errors) {
      out += std::filesystem::path(error.position.file).filename().string() + ":" +
             std::to_string(error.position.line) + ":" + std::to_string(error.position.column) + " " +
             error.code + ": " + error.message + "\n";
    }
    std::string::size_type at;
    const std::string root = std::filesystem::relative(folder.path()).string() + "/";
    while ((at = out.find(root)) != std::string::npos) out.erase(at, root.size());
    return out;
  }
  TempFolder folder;
};

struct Opened {
  explicit Opened(const std::vector<std::uint64_t>& words)
      : segment(reinterpret_cast<const capnp::word*>(words.data()), words.size()),
        message(kj::arrayPtr(&segment, 1)),
        manifest(message.getRoot<wire::Manifest>()) {}
  kj::ArrayPtr<const capnp::word> segment;
  capnp::SegmentArrayMessageReader message;
  wire::Manifest::Reader manifest;
};

TEST_F(CustomTypes, AreTheAnnotatedStructsWithAllTheyUse) {
  folder.write("types/acme.capnp",
               kHead +
                   "using T = import \"/cairn/types.capnp\";\nusing C = import \"common.capnp\";\n"
                   "struct Report $Cairn.type(\"acme.Report\") $Cairn.doc(\"What a scan says.\") {\n"
                   "  image @0 :T.OciImage; findings @1 :List(Finding); level @2 :C.Level;\n}\n"
                   "struct Finding { text @0 :Text; }\n");
  folder.write("types/common.capnp", "@0xd4c8a1f0b27e9366;\nenum Level { low @0; high @1; }\n");
  const auto words = compile({"types/acme.capnp"});
  ASSERT_TRUE(words) << told(words.error());
  const Opened opened(*words);
  ASSERT_EQ(opened.manifest.getTypes().size(), 1u);
  EXPECT_EQ(std::string(opened.manifest.getTypes()[0].getName().cStr()), "acme.Report");
  EXPECT_EQ(std::string(opened.manifest.getTypes()[0].getDoc().cStr()), "What a scan says.");
  EXPECT_EQ(opened.manifest.getTypes()[0].getDigest().size(), 32u);
  const SchemaSet set(opened.manifest.getSchemaNodes());
  const auto report = set.find("acme.Report");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->getFieldByName("image").getType().asStruct().getFields().size() > 0, true);
}

TEST_F(CustomTypes, TellWhereASchemaIsWrong) {
  folder.write("a.capnp", kHead + "struct A $Cairn.type(\"a.A\") {\n  x @0 :Txet;\n}\n");
  EXPECT_EQ(refusal({"a.capnp"}), "a.capnp:4:9 type-schema: Not defined: Txet\n");
}

TEST_F(CustomTypes, TellAFileThatIsNoSchema) {
  folder.write("a.capnp", "hello\n");
  const auto types = compile({"a.capnp"});
  ASSERT_FALSE(types);
  EXPECT_EQ(types.error()[0].code, "type-schema");
}

TEST_F(CustomTypes, SayWhichLineOfTheProjectNamesTheFile) {
  folder.write("a.capnp", kHead + "struct A { x @0 :Txet; }\n");
  const auto types = compile({"a.capnp"});
  ASSERT_FALSE(types);
  EXPECT_TRUE(types.error()[0].hint.ends_with("cairn.toml:5")) << types.error()[0].hint;
}

TEST_F(CustomTypes, MayImportEachOtherInACircle) {
  folder.write("a.capnp",
               kHead + "using B = import \"b.capnp\";\nstruct A $Cairn.type(\"a.A\") { b @0 :B.B; }\n");
  folder.write("b.capnp", "@0xd4c8a1f0b27e9367;\nusing A = import \"a.capnp\";\nstruct B { a @0 :A.A; }\n");
  EXPECT_EQ(refusal({"a.capnp", "b.capnp"}), "no error");
}

TEST_F(CustomTypes, EndWhereConstantsGoInACircle) {
  folder.write("a.capnp", kHead +
                              "using B = import \"b.capnp\";\nconst a :Int32 = B.b;\n"
                              "struct A $Cairn.type(\"a.A\") { x @0 :Int32 = .a; }\n");
  folder.write("b.capnp", "@0xd4c8a1f0b27e9367;\nusing A = import \"a.capnp\";\nconst b :Int32 = A.a;\n");
  const auto types = compile({"a.capnp"});
  ASSERT_FALSE(types);
  EXPECT_EQ(types.error()[0].code, "type-schema");
}

TEST_F(CustomTypes, RefuseTwoFilesWithOneId) {
  folder.write("a.capnp", kHead + "struct A @0xaaaaaaaaaaaaaaaa $Cairn.type(\"a.A\") { x @0 :Text; }\n");
  folder.write("b.capnp",
               "@0xd4c8a1f0b27e9367;\nusing Cairn = import \"/cairn/annotations.capnp\";\n"
               "struct B @0xaaaaaaaaaaaaaaaa $Cairn.type(\"b.B\") { y @0 :Int8; }\n");
  EXPECT_NE(refusal({"a.capnp", "b.capnp"}), "no error");
}

TEST_F(CustomTypes, RefuseOneNameForTwoStructs) {
  folder.write("a.capnp", kHead + "struct A $Cairn.type(\"a.A\") {}\nstruct B $Cairn.type(\"a.A\") {}\n");
  EXPECT_EQ(refusal({"a.capnp"}), "cairn.toml:5:10 type-conflict: two structs of [types] are named a.A\n");
}

TEST_F(CustomTypes, RefuseWhatNoValueCanHold) {
  folder.write("a.capnp", kHead +
                              "struct A $Cairn.type(\"a.A\") { p @0 :AnyPointer; }\n"
                              "struct B(T) $Cairn.type(\"a.B\") { p @0 :T; }\n"
                              "struct C $Cairn.type(\"C\") {}\n");
  EXPECT_EQ(
      refusal({"a.capnp"}),
      "cairn.toml:5:10 type-schema: a.A holds a capability or an AnyPointer, which a value can't\n"
      "cairn.toml:5:10 type-schema: a.B is generic, and a type of values can't be\n"
      "cairn.toml:5:10 type-schema: \"C\" is no type's name: a namespace and '.' are missing in front\n");
}

TEST_F(CustomTypes, ImportNothingFromOutside) {
  folder.write("a.capnp",
               kHead +
                   "using X = import \"../../../etc/x.capnp\";\nusing Y = import \"/etc/passwd\";\n"
                   "struct A $Cairn.type(\"a.A\") { x @0 :X.X; y @1 :Y.Y; }\n");
  EXPECT_EQ(refusal({"a.capnp"}),
            "a.capnp:3:18 outside-project: \"../../../etc/x.capnp\" leads out of the project\n"
            "a.capnp:5:37 type-schema: Not defined: X\n"
            "a.capnp:4:18 type-schema: \"/etc/passwd\" is nothing that can be imported\n"
            "a.capnp:5:48 type-schema: Not defined: Y\n");
}

TEST_F(CustomTypes, SayThatAFileIsMissing) {
  EXPECT_EQ(refusal({"gone.capnp"}),
            "cairn.toml:5:10 unreadable-file: can't read gone.capnp: No such file or directory\n");
}

TEST_F(CustomTypes, HaveAnEndInSizeAndDepth) {
  folder.write("long.capnp", kHead + std::string(2 << 20, '#'));
  folder.write("deep.capnp", kHead + "const x :Int8 = " + std::string(100'000, '(') + ";\n");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(refusal({"long.capnp", "deep.capnp"}),
            "cairn.toml:5:10 type-too-large: long.capnp is larger than 1 MiB\n"
            "cairn.toml:5:23 type-too-large: deep.capnp is nested more than 100 deep\n");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::minutes(1));
}

TEST_F(CustomTypes, AreReadFromSixtyFourFilesAndNoMore) {
  auto id = [](int i) { return "@0xd4c8a1f0b27e9" + std::to_string(400 + i) + ";\n"; };
  auto importAll = [&](int count) {
    std::string text = kHead;
    for (int i = 0; i < count; ++i)
      text += "using F" + std::to_string(i) + " = import \"f" + std::to_string(i) + ".capnp\";\n";
    text += "struct A $Cairn.type(\"a.A\") {\n";
    for (int i = 0; i < count; ++i)
      text += "  x" + std::to_string(i) + " @" + std::to_string(i) + " :F" + std::to_string(i) + ".B;\n";
    folder.write("a.capnp", text + "}\n");
  };
  for (int i = 0; i < 64; ++i)
    folder.write("f" + std::to_string(i) + ".capnp", id(i) + "struct B { y @0 :Text; }\n");
  importAll(63);
  EXPECT_EQ(refusal({"a.capnp"}), "no error");
  importAll(64);
  EXPECT_NE(refusal({"a.capnp"}).find("type-too-large: the schemas are more than 64 files"),
            std::string::npos);
}

TEST_F(CustomTypes, ReadAFileOnceHoweverOftenItIsImported) {
  folder.write("big.capnp", "@0xd4c8a1f0b27e9367;\nstruct B { y @0 :Text; }\n" + std::string(1'000'000, '#'));
  std::string text = kHead;
  for (int i = 0; i < 5000; ++i) text += "const c" + std::to_string(i) + " :import \"big.capnp\".B = ();\n";
  folder.write("a.capnp", text);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(refusal({"a.capnp"}), "no error");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::minutes(1));
}

TEST_F(CustomTypes, TakeNoNameAndNoIdOfAnother) {
  folder.write("a.capnp", kHead +
                              "struct A @0xaaaaaaaaaaaaaaaa $Cairn.type(\"a.A\") { x @0 :Text; }\n"
                              "struct B $Cairn.type(\"b.B\") { x @0 :Text; }\n");
  folder.write("cairn.toml",
               "project = \"p\"\n[app.a.deploy]\nuse = \"null\"\n[types]\nfiles = [\"a.capnp\"]\n");
  const auto project = loadFrom(folder);
  ASSERT_TRUE(project);
  const auto types = compileTypes(
      *project, {{"other.A", 0xaaaaaaaaaaaaaaaa, "the plugin \"x\""}, {"b.B", 1, "the plugin \"y\""}});
  ASSERT_FALSE(types);
  EXPECT_EQ(
      placed(types.error()),
      "cairn.toml:5:10 type-conflict: the struct a.A has the id of other.A, which the plugin \"x\" brings\n"
      "cairn.toml:5:10 type-conflict: the struct b.B has a name that the plugin \"y\" uses for another "
      "type\n");
  EXPECT_TRUE(compileTypes(*project, {{"a.A", 0xaaaaaaaaaaaaaaaa, "the plugin \"x\""}}));
}

}  // namespace
}  // namespace cairn::host
