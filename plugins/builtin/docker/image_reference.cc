#include "image_reference.h"

#include <algorithm>
#include <cctype>

namespace cairn::plugins::docker {
namespace {

bool isLower(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
bool isWord(char c) {
  return isLower(c) || (c >= 'A' && c <= 'Z') || c == '_';
}

bool isTag(std::string_view tag) {
  return !tag.empty() && tag.size() <= 128 && isWord(tag[0]) &&
         std::all_of(tag.begin(), tag.end(), [](char c) { return isWord(c) || c == '.' || c == '-'; });
}

bool isDigest(std::string_view digest) {
  constexpr std::string_view kStart = "sha256:";
  return digest.substr(0, kStart.size()) == kStart && digest.size() == kStart.size() + 64 &&
         std::all_of(digest.begin() + kStart.size(), digest.end(), [](char c) {
           return std::isdigit(static_cast<unsigned char>(c)) || (c >= 'a' && c <= 'f');
         });
}

bool isPath(std::string_view path) {
  if (path.empty() || !isLower(path.front()) || !isLower(path.back())) return false;
  if (path.find("//") != path.npos || path.find("..") != path.npos) return false;
  return std::all_of(path.begin(), path.end(),
                     [](char c) { return isLower(c) || c == '/' || c == '.' || c == '-' || c == '_'; });
}

// The first part names a registry when it looks like a host: it has a dot or a port, or is localhost.
bool isRegistry(std::string_view part) {
  return part.find_first_of(".:") != part.npos || part == "localhost";
}

Error badReference(std::string_view text, std::string why) {
  return Error{.kind = ErrorKind::Config,
               .code = "docker/bad-reference",
               .message = "\"" + std::string(text) + "\" is no image reference: " + why,
               .hint = "write it as [registry[:port]/]name[:tag][@sha256:digest], the name in lower case"};
}

}  // namespace

std::string ImageReference::text() const {
  if (!digest.empty()) return repository + "@" + digest;
  return repository + ":" + (tag.empty() ? "latest" : tag);
}

Result<ImageReference> parseImageReference(std::string_view text) {
  ImageReference out;
  std::string_view rest = text;
  if (auto at = rest.find('@'); at != rest.npos) {
    out.digest = rest.substr(at + 1);
    rest = rest.substr(0, at);
    if (!isDigest(out.digest))
      return badReference(text, "what follows the @ is not sha256: and 64 hex digits");
  }
  auto slash = rest.find('/');
  const bool hasRegistry = slash != rest.npos && isRegistry(rest.substr(0, slash));
  out.registry = hasRegistry ? std::string(rest.substr(0, slash)) : "docker.io";
  const std::size_t pathStart = hasRegistry ? slash + 1 : 0;
  if (auto colon = rest.find(':', pathStart); colon != rest.npos) {
    out.tag = rest.substr(colon + 1);
    rest = rest.substr(0, colon);
    if (!isTag(out.tag)) return badReference(text, "\"" + out.tag + "\" is no tag");
  }
  if (!isPath(rest.substr(pathStart))) {
    return badReference(text, "\"" + std::string(rest.substr(pathStart)) + "\" is no repository's name");
  }
  out.repository = rest;
  return out;
}

std::string tagFrom(std::string_view text) {
  std::string out(text.substr(0, 128));
  for (char& c : out) {
    if (!isWord(c) && c != '.') c = '-';
  }
  if (!out.empty() && !isWord(out[0])) out[0] = '_';
  return out.empty() ? "latest" : out;
}

std::string repositoryPartFrom(std::string_view text) {
  std::string out;
  for (char c : text) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (isLower(c)) {
      out += c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.empty() ? "app" : out;
}

}  // namespace cairn::plugins::docker
