#include "entrypoint/own_children.h"

#include <dirent.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace cairn::entrypoint {
namespace {

// The parent of `pid`, from /proc/<pid>/stat; 0 when it is gone or a zombie.
pid_t parentOf(const char* pid) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%s/stat", pid);
  std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path, "re"), std::fclose);
  char text[512] = {};
  if (!file || !std::fgets(text, sizeof text, file.get())) return 0;
  // The name in parentheses may hold anything, so that what counts comes after the last one.
  const char* rest = std::strrchr(text, ')');
  char state = 'Z';
  int parent = 0;
  if (!rest || std::sscanf(rest + 1, " %c %d", &state, &parent) != 2 || state == 'Z') return 0;
  return parent;
}

}  // namespace

std::vector<pid_t> ownChildren() {
  std::vector<pid_t> out;
  std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc"), ::closedir);
  while (const dirent* entry = folder ? ::readdir(folder.get()) : nullptr) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    if (parentOf(entry->d_name) == ::getpid()) out.push_back(std::atoi(entry->d_name));
  }
  return out;
}

}  // namespace cairn::entrypoint
