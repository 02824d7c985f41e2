#include "files_plugin.h"

#include "directory_store.h"
#include "pack.h"

#include <cairn/dynamic/digest.h>

#include <fstream>

namespace cairn::plugins::files {
namespace {

namespace fs = std::filesystem;

std::string text(capnp::Text::Reader from) {
  return {from.begin(), from.size()};
}

IgnoreRules rulesOf(const fs::path& root, BuilderSettings::Reader settings) {
  IgnoreRules rules;
  std::ifstream file(root / ".cairnignore");
  for (std::string line; std::getline(file, line);) rules.addLine(line);
  for (auto pattern : settings.getIgnore()) rules.addLine(text(pattern));
  return rules;
}

std::string formatIn(RegistrySettings::Reader settings) {
  return settings.hasFormat() ? text(settings.getFormat()) : formatOf(fs::path(text(settings.getPath())));
}

Result<std::string> digestOfFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  Sha256 digest;
  std::vector<char> buffer(128 * 1024);
  while (file.read(buffer.data(), buffer.size()) || file.gcount() > 0)
    digest.add(buffer.data(), file.gcount());
  if (!file.eof()) {
    return Error{
        .kind = ErrorKind::Failed, .code = "files/unreadable", .message = "can't read " + path.string()};
  }
  return "sha256:" + hex(digest.finish());
}

// What was built, if it still is that.
Result<FileTree> listBuilt(wire::FilesDirectory::Reader files) {
  const fs::path path = text(files.getPath());
  auto tree = CAIRN_TRY(listWhole(path));
  auto digest = digestOf(tree);
  if (!digest) return asOurs(std::move(digest).error());
  if (files.getDigest().size() > 0 && *digest != text(files.getDigest())) {
    return Error{.kind = ErrorKind::Refused,
                 .code = "files/folder-changed",
                 .message = "the files in " + path.string() + " are not what was built",
                 .hint = "build again: 'cairn build' makes them anew"};
  }
  return tree;
}

std::string count(std::uint64_t files) {
  return std::to_string(files) + (files == 1 ? " file" : " files");
}

}  // namespace

Result<Owned<wire::FilesDirectory>> build(const Call& call, wire::SourceTree::Reader source,
                                          BuilderSettings::Reader settings) {
  fs::path root = text(settings.hasDirectory() ? settings.getDirectory() : source.getPath());
  auto step = call.step("Collecting files");
  auto directory = CAIRN_TRY(storeCopy(call, CAIRN_TRY(listSource(root, rulesOf(root, settings)))));
  step.done("Collected " + count(directory.reader().getFileCount()));
  return directory;
}

Result<Owned<wire::Archive>> push(const Call& call, wire::FilesDirectory::Reader files,
                                  RegistrySettings::Reader settings) {
  fs::path path = text(settings.getPath());
  auto format = formatIn(settings);
  auto step = call.step("Packing " + path.filename().string());
  auto tree = CAIRN_TRY(listBuilt(files));
  CAIRN_TRY(writeArchive(tree, format, path));
  std::error_code ignored;
  Owned<wire::Archive> archive;
  archive->setPath(path.string());
  archive->setDigest(CAIRN_TRY(digestOfFile(path)));
  archive->setFormat(format);
  archive->setSizeBytes(fs::file_size(path, ignored));
  return archive;
}

Result<void> checkRegistry(RegistrySettings::Reader settings, const UnknownSettings& unknown) {
  if (unknown.contains("path") || unknown.contains("format")) return {};
  auto format = formatIn(settings);
  for (auto known : {"tar.gz", "tar.zst", "tar", "zip"}) {
    if (format == known) return {};
  }
  return Error{.kind = ErrorKind::Config,
               .code = "files/unknown-format",
               .message = format.empty() ? "the archive's format can't be told from its path"
                                         : "there is no archive format " + format,
               .hint = "set `format` to tar.gz, tar.zst, tar or zip",
               .settingPath = settings.hasFormat() ? "format" : "path"};
}

Result<Owned<wire::FilesDirectory>> directoryFromArchive(const Call& call, wire::Archive::Reader archive) {
  auto path = text(archive.getPath());
  if (archive.hasDigest() && CAIRN_TRY(digestOfFile(path)) != text(archive.getDigest())) {
    return Error{.kind = ErrorKind::Refused,
                 .code = "files/archive-changed",
                 .message = path + " is not the archive it was when it was made",
                 .hint = "push again"};
  }
  auto folder = call.workDir() / "unpacked";
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  CAIRN_TRY(unpackArchive(path, folder));
  return storeCopy(call, CAIRN_TRY(listWhole(folder)));
}

Plugin plugin() {
  Plugin plugin("files");
  plugin.version("0.1.0").description("takes a folder of files as it is, and packs it as an archive");
  plugin.builder(build).doc("A copy of a folder, named by its content.");
  plugin.registry(push).check(checkRegistry).doc("An archive at a path; the same files give the same bytes.");
  plugin.mapper(directoryFromArchive).doc("Unpacks an archive into the cache.");
  return plugin;
}

}  // namespace cairn::plugins::files
