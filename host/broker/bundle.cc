#include "host/broker/bundle.h"

#include "host/broker/digest.h"
#include "host/broker/private_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <vector>

namespace cairn::host {
namespace fs = std::filesystem;
namespace {

struct BundleFile {
  std::string name;  // relative to the folder
  fs::path path;
  struct stat facts;
};

Error unreadable(const fs::path& path, int error) {
  return Error{.kind = ErrorKind::Failed,
               .code = "file-unreadable",
               .message = "can't read " + path.string() + ": " + std::strerror(error),
               .hint = "all that lies in a plugin's folder belongs to it: make it readable, or take it out"};
}

Result<std::vector<BundleFile>> filesOf(const Bundle& bundle) {
  std::vector<BundleFile> files;
  auto take = [&](const fs::path& path, std::string name) -> Result<void> {
    BundleFile file{std::move(name), path, {}};
    if (::stat(path.c_str(), &file.facts) != 0) return unreadable(path, errno);
    if (S_ISREG(file.facts.st_mode)) files.push_back(std::move(file));
    return {};
  };
  if (bundle.singleFile) {
    CAIRN_TRY(take(bundle.executable, bundle.executable.filename().string()));
    return files;
  }
  std::error_code error;
  for (fs::recursive_directory_iterator it(bundle.folder, error), end; !error && it != end;
       it.increment(error)) {
    CAIRN_TRY(take(it->path(), it->path().lexically_relative(bundle.folder).string()));
  }
  if (error) return unreadable(bundle.folder, error.value());
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

// Changes whenever one of the files may have changed.
std::string fingerprint(const std::vector<BundleFile>& files) {
  Digester digester;
  for (const auto& file : files) {
    const auto& f = file.facts;
    std::uint64_t facts[] = {f.st_dev,
                             f.st_ino,
                             f.st_mode,
                             static_cast<std::uint64_t>(f.st_size),
                             static_cast<std::uint64_t>(f.st_mtim.tv_sec),
                             static_cast<std::uint64_t>(f.st_mtim.tv_nsec),
                             static_cast<std::uint64_t>(f.st_ctim.tv_sec),
                             static_cast<std::uint64_t>(f.st_ctim.tv_nsec)};
    digester.add(file.name).add({reinterpret_cast<const char*>(facts), sizeof facts});
  }
  return toHex(digester.finish());
}

fs::path memoPath(const Bundle& bundle, const fs::path& cacheFolder) {
  std::string place = bundle.singleFile ? bundle.executable.string() : bundle.folder.string();
  return cacheFolder / (bundle.name + "-" + toHex(digestOf(place)).substr(0, 16) + ".digest");
}

std::string fromHex(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return out;
}

// A cache that can't be written only costs time: a failure here is no error.
void remember(const fs::path& path, const std::string& print, const std::string& digest) {
  std::error_code ignored;
  createPrivateFolders(path.parent_path(), ignored);
  fs::path temporary = path.string() + "." + std::to_string(::getpid());
  if (std::ofstream file(temporary); !(file << print << ' ' << toHex(digest) << '\n')) return;
  fs::rename(temporary, path, ignored);
}

}  // namespace

Result<Bundle> openBundle(const std::string& name, const fs::path& path) {
  const std::string program = "cairn-plugin-" + name;
  std::error_code ignored;
  if (fs::is_regular_file(path, ignored)) {
    return Bundle{name, path.parent_path(), path, true};
  }
  if (fs::exists(path / program, ignored)) return Bundle{name, path, path / program, false};
  return Error{
      .kind = ErrorKind::Config,
      .code = "plugin-not-found",
      .message = "the plugin \"" + name + "\" is not at " + path.string() + ": there is no " + program,
      .hint = fs::exists(path, ignored) ? "build it there, or name the built executable itself as the path"
                                        : "that path does not exist"};
}

Result<std::string> bundleDigest(const Bundle& bundle, const fs::path& cacheFolder) {
  auto files = CAIRN_TRY(filesOf(bundle));
  const std::string print = fingerprint(files);
  const fs::path memo = memoPath(bundle, cacheFolder);
  std::string rememberedPrint;
  std::string rememberedDigest;
  if (std::ifstream file(memo); file >> rememberedPrint >> rememberedDigest) {
    if (rememberedPrint == print && rememberedDigest.size() == 64) return fromHex(rememberedDigest);
  }
  Digester digester;
  for (const auto& file : files) {
    digester.add(file.name).add((file.facts.st_mode & 0111) != 0 ? "x" : "-");
    digester.add(CAIRN_TRY(digestOfFile(file.path)));
  }
  std::string digest = digester.finish();
  remember(memo, print, digest);
  return digest;
}

}  // namespace cairn::host
