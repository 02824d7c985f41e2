#include "entrypoint/own_children.h"

#include <cairn/base/process_stat.h>

#include <dirent.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

namespace cairn::entrypoint {
std::vector<pid_t> ownChildren() {
  std::vector<pid_t> out;
  std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc"), ::closedir);
  while (const dirent* entry = folder ? ::readdir(folder.get()) : nullptr) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    const pid_t pid = std::atoi(entry->d_name);
    const auto stat = processStat(pid);
    if (stat && !stat->hasEnded() && stat->parent == ::getpid()) out.push_back(pid);
  }
  return out;
}

}  // namespace cairn::entrypoint
