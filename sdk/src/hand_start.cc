#include "sdk/src/hand_start.h"

#include "sdk/src/manifest.h"

#include <cairn/dynamic/json.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace cairn::detail {
namespace {

constexpr int kUsage = 64;  // EX_USAGE

const char* kindName(wire::Manifest::Component::Kind kind) {
  switch (kind) {
    case wire::Manifest::Component::Kind::BUILDER:
      return "builder";
    case wire::Manifest::Component::Kind::REGISTRY:
      return "registry";
    case wire::Manifest::Component::Kind::PLATFORM:
      return "platform";
    case wire::Manifest::Component::Kind::RELEASER:
      return "releaser";
  }
  return "component";
}

// The table of cairn.toml that uses such a component.
const char* stageName(wire::Manifest::Component::Kind kind) {
  switch (kind) {
    case wire::Manifest::Component::Kind::BUILDER:
      return "build";
    case wire::Manifest::Component::Kind::REGISTRY:
      return "registry";
    case wire::Manifest::Component::Kind::PLATFORM:
      return "deploy";
    case wire::Manifest::Component::Kind::RELEASER:
      return "release";
  }
  return "build";
}

std::string signature(const Function& function) {
  std::string text;
  for (auto input : function.inputs) text.append(text.empty() ? "" : " + ").append(typeName(input));
  if (function.output) text.append(text.empty() ? "-> " : " -> ").append(typeName(*function.output));
  return text;
}

void printParts(const Plugin::Definition& definition, std::FILE* out) {
  for (auto& component : definition.components) {
    std::fprintf(out, "  %-9s %-16s %s\n", kindName(component.kind), component.name.c_str(),
                 signature(component.operations.front().function).c_str());
  }
  for (auto& mapper : definition.mappers) {
    std::fprintf(out, "  %-9s %-16s\n", "mapper", mapper.name.c_str());
  }
}

void explain(const Plugin::Definition& definition, const char* program, std::FILE* out) {
  std::fprintf(out, "%s %s, a plugin of Cairn%s%s\n\n", definition.name.c_str(), definition.version.c_str(),
               definition.description.empty() ? "" : ": ", definition.description.c_str());
  printParts(definition, out);
  std::fprintf(out, "\nIt is not started by hand: cairn starts it where cairn.toml names it.\n");
  if (!definition.components.empty()) {
    auto& component = definition.components.front();
    std::fprintf(out, "\n  [app.web.%s]\n  use = \"%s\"\n", stageName(component.kind),
                 component.name.c_str());
  }
  std::fprintf(out,
               "\n  %s --manifest       what it offers, as JSON\n"
               "  %s --version        its name and version\n"
               "  %s --listen PATH    serve whoever connects to this Unix socket\n",
               program, program, program);
}

}  // namespace

int startedByHand(const Plugin::Definition& definition, int argc, char** argv) {
  auto slash = argc > 0 ? std::strrchr(argv[0], '/') : nullptr;
  auto program = slash != nullptr ? slash + 1 : argc > 0 ? argv[0] : definition.name.c_str();
  std::string_view option = argc == 2 ? argv[1] : "";
  if (option == "--manifest") {
    BuiltManifest manifest(definition);
    std::puts(toJson(manifest.reader(), {.indent = true, .defaults = false}).c_str());
    return 0;
  }
  if (option == "--version") {
    std::printf("%s %s\n", definition.name.c_str(), definition.version.c_str());
    return 0;
  }
  bool help = option == "--help";
  explain(definition, program, help ? stdout : stderr);
  return help ? 0 : kUsage;
}

int acceptOne(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (std::strlen(path) >= sizeof address.sun_path) {
    std::fprintf(stderr, "%s: too long for a socket's path\n", path);
    return -1;
  }
  std::strcpy(address.sun_path, path);
  int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::unlink(path);
  int fd = -1;
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
      ::listen(listener, 1) == 0) {
    fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  }
  if (fd < 0) std::fprintf(stderr, "%s: %s\n", path, std::strerror(errno));
  ::unlink(path);
  ::close(listener);
  return fd;
}

}  // namespace cairn::detail
