#include "host/project/git_folder.h"

#include "host/project/text_file.h"

#include <zlib.h>

#include <ctime>
#include <sstream>

namespace cairn::host {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
  auto text = readTextFile(file, file.string());
  return text ? std::move(*text) : std::string();
}

std::string firstLine(const std::string& text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

std::string inflated(const std::string& packed) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return "";
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  // Headers of tags and commits are short; the rest of a long message is of no use here.
  std::string out(64 << 10, '\0');
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = inflate(&stream, Z_FINISH);
  out.resize(result == Z_STREAM_END || result == Z_BUF_ERROR || result == Z_OK ? stream.total_out : 0);
  inflateEnd(&stream);
  return out;
}

std::string isoTime(const std::string& seconds) {
  if (seconds.empty() || seconds.find_first_not_of("0123456789") != std::string::npos || seconds.size() > 12)
    return "";
  const std::time_t time = std::stoll(seconds);
  std::tm parts{};
  char out[32];
  gmtime_r(&time, &parts);
  return std::string(out, std::strftime(out, sizeof out, "%Y-%m-%dT%H:%M:%SZ", &parts));
}

// "Name <mail> 1700000000 +0100": the number.
std::string secondsOf(const std::string& person) {
  const std::size_t mail = person.find("> ");
  if (mail == std::string::npos) return "";
  return person.substr(mail + 2, person.find(' ', mail + 2) - mail - 2);
}

}  // namespace

std::string withoutCredentials(std::string url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  const std::size_t host = scheme + 3;
  const std::size_t at = url.substr(0, url.find('/', host)).rfind('@');
  if (at != std::string::npos && at >= host) url.erase(host, at + 1 - host);
  return url;
}

std::optional<GitFolder> GitFolder::find(const fs::path& folder) {
  std::error_code problem;
  for (fs::path at = fs::absolute(folder, problem).lexically_normal();; at = at.parent_path()) {
    const fs::path dot = at / ".git";
    GitFolder found;
    found.top_ = at;
    if (fs::is_directory(dot, problem)) {
      found.own_ = found.common_ = dot;
      return found;
    }
    if (const std::string link = firstLine(read(dot));
        link.starts_with("gitdir: ")) {  // a work tree or a submodule
      found.own_ = (at / link.substr(8)).lexically_normal();
      const std::string common = firstLine(read(found.own_ / "commondir"));
      found.common_ = common.empty() ? found.own_ : (found.own_ / common).lexically_normal();
      return found;
    }
    if (at == at.parent_path()) return std::nullopt;
  }
}

std::string GitFolder::looseObject(const std::string& id) const {
  if (id.size() < 40) return "";
  std::string object = inflated(read(common_ / "objects" / id.substr(0, 2) / id.substr(2)));
  const std::size_t header = object.find('\0');
  return header == std::string::npos ? "" : object.substr(header + 1);
}

std::string GitFolder::tagAt(const std::string& commit) const {
  std::string best;
  const auto consider = [&](const std::string& name, const std::string& target) {
    if (target == commit && name > best) best = name;
  };
  std::istringstream packed(read(common_ / "packed-refs"));
  std::string name;
  for (std::string line; std::getline(packed, line);) {
    if (line.starts_with("^")) {  // what the annotated tag of the line before points at
      if (!name.empty()) consider(name, line.substr(1));
    } else if (const std::size_t ref = line.find(" refs/tags/"); ref != std::string::npos) {
      name = line.substr(ref + 11);
      consider(name, line.substr(0, ref));
    } else {
      name.clear();
    }
  }
  const fs::path tags = common_ / "refs" / "tags";
  std::error_code problem;
  for (fs::recursive_directory_iterator it(tags, problem), end; !problem && it != end;
       it.increment(problem)) {
    if (!it->is_regular_file(problem)) continue;
    const std::string tag = it->path().lexically_relative(tags).string();
    const std::string target = firstLine(read(it->path()));
    consider(tag, target);
    if (target == commit) continue;
    const std::string object = looseObject(target);
    if (object.starts_with("object ")) consider(tag, firstLine(object).substr(7));
  }
  return best;
}

std::string GitFolder::commitTime(const std::string& commit) const {
  std::istringstream object(looseObject(commit));
  for (std::string line; std::getline(object, line) && !line.empty();) {
    if (line.starts_with("committer ")) return isoTime(secondsOf(line));
  }
  // A packed commit: the reflog has the same time where the commit was made here.
  std::istringstream log(read(own_ / "logs" / "HEAD"));
  for (std::string line; std::getline(log, line);) {
    if (line.size() > 82 && line.compare(41, 40, commit) == 0 && line.find("\tcommit") != std::string::npos) {
      return isoTime(secondsOf(line));
    }
  }
  return "";
}

std::string GitFolder::remote() const {
  std::istringstream config(read(common_ / "config"));
  bool inOrigin = false;
  for (std::string line; std::getline(config, line);) {
    line.erase(0, line.find_first_not_of(" \t"));
    if (line.starts_with("["))
      inOrigin = line.starts_with("[remote \"origin\"]");
    else if (inOrigin && line.starts_with("url")) {
      const std::size_t value = line.find_first_not_of(" \t", line.find('=') + 1);
      if (line.find('=') != std::string::npos && value != std::string::npos)
        return withoutCredentials(line.substr(value));
    }
  }
  return "";
}

}  // namespace cairn::host
