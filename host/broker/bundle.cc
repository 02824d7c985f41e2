#include "host/broker/bundle.h"

#include "host/broker/digest.h"
#include "host/broker/private_folder.h"

#include <cairn/base/replace_file.h>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

namespace cairn::host {
namespace fs = std::filesystem;
namespace {

struct BundleFile {
  std::string name;  // relative to the folder
  fs::path path;
  struct stat facts;
  std::string sameAs = {};  // the first name of a folder that was met before
};

Error unreadable(const fs::path& path, int error) {
  return Error{.kind = ErrorKind::Failed,
               .code = "file-unreadable",
               .message = "can't read " + path.string() + ": " + std::strerror(error),
               .hint = "all that lies in a plugin's folder belongs to it: make it readable, or take it out"};
}

// Goes through a bundle's folders, each of them once, and in an order that only names decide.
class BundleWalk {
 public:
  // `name` is empty for the bundle's own folder.
  Result<void> take(const fs::path& path, const std::string& name) {
    BundleFile file{name, path, {}};
    if (::stat(path.c_str(), &file.facts) != 0) return unreadable(path, errno);
    if (S_ISREG(file.facts.st_mode))
      files_.push_back(std::move(file));
    else if (S_ISDIR(file.facts.st_mode))
      CAIRN_TRY(takeFolder(std::move(file)));
    return {};
  }
  std::vector<BundleFile> files() && {
    std::sort(files_.begin(), files_.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return std::move(files_);
  }

 private:
  Result<void> takeFolder(BundleFile folder) {
    const auto [first, isNew] = seen_.try_emplace({folder.facts.st_dev, folder.facts.st_ino}, folder.name);
    if (!isNew) {
      folder.sameAs = first->second.empty() ? "." : first->second;
      files_.push_back(std::move(folder));
      return {};
    }
    std::vector<std::string> inside;
    std::error_code error;
    for (fs::directory_iterator it(folder.path, error), end; !error && it != end; it.increment(error))
      inside.push_back(it->path().filename().string());
    if (error) return unreadable(folder.path, error.value());
    std::sort(inside.begin(), inside.end());
    for (const auto& one : inside)
      CAIRN_TRY(take(folder.path / one, folder.name.empty() ? one : folder.name + "/" + one));
    return {};
  }

  std::vector<BundleFile> files_;
  std::map<std::pair<dev_t, ino_t>, std::string> seen_;  // folders, by their first name
};

Result<std::vector<BundleFile>> filesOf(const Bundle& bundle) {
  BundleWalk walk;
  if (bundle.singleFile) {
    CAIRN_TRY(walk.take(bundle.executable, bundle.executable.filename().string()));
  } else {
    CAIRN_TRY(walk.take(bundle.folder, ""));
  }
  return std::move(walk).files();
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
    digester.add(file.name).add(file.sameAs).add({reinterpret_cast<const char*>(facts), sizeof facts});
  }
  return toHex(digester.finish());
}

fs::path memoPath(const Bundle& bundle, const fs::path& cacheFolder) {
  std::string place = bundle.singleFile ? bundle.executable.string() : bundle.folder.string();
  return cacheFolder / (bundle.name + "-" + toHex(digestOf(place)).substr(0, 16) + ".digest");
}

// Empty where it is no digest: a cache may be damaged.
std::string digestFromHex(const std::string& hex) {
  std::string out;
  if (hex.size() != 64) return out;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    unsigned byte = 0;
    const auto read = std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    if (read.ec != std::errc() || read.ptr != hex.data() + i + 2) return {};
    out += static_cast<char>(byte);
  }
  return out;
}

// A cache that can't be written only costs time: a failure here is no error.
void remember(const fs::path& path, const std::string& print, const std::string& digest) {
  std::error_code ignored;
  createPrivateFolders(path.parent_path(), ignored);
  (void)replaceFile(path, print + ' ' + toHex(digest) + '\n');
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
    if (auto known = digestFromHex(rememberedDigest); rememberedPrint == print && !known.empty())
      return known;
  }
  Digester digester;
  for (const auto& file : files) {
    if (!file.sameAs.empty()) {
      digester.add(file.name).add("=").add(file.sameAs);
      continue;
    }
    digester.add(file.name).add((file.facts.st_mode & 0111) != 0 ? "x" : "-");
    digester.add(CAIRN_TRY(digestOfFile(file.path)));
  }
  std::string digest = digester.finish();
  remember(memo, print, digest);
  return digest;
}

}  // namespace cairn::host
