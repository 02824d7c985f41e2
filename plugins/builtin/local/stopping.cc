#include "stopping.h"

namespace cairn::plugins::local {
namespace {

// The supervisor itself kills the app when its grace is over; only then it is the supervisor's turn.
constexpr std::chrono::milliseconds kSupervisorsOwn{2000};

Result<void> markFolderRemoved(const Call& call) {
  for (const Resource& resource : CAIRN_TRY(call.resources()))
    if (resource.kind == kFolderKind) CAIRN_TRY(call.removed(resource));
  return {};
}

}  // namespace

std::string serviceName(const std::string& shortId) {
  return "app-" + shortId;
}

Result<void> stopApp(const Call& call, const AppFolder& folder, const std::string& service,
                     std::uint32_t graceMs) {
  const auto found = CAIRN_TRY(call.findService(service));
  CAIRN_TRY(call.stopService(service, std::chrono::milliseconds(graceMs) + kSupervisorsOwn));
  // Where the journal has lost it, the supervisor still answers on its socket.
  folder.stop(call);
  std::error_code ignored;
  if (found) std::filesystem::remove(found->output, ignored);
  return {};
}

Result<void> removeApp(const Call& call, const std::string& shortId, std::uint32_t graceMs) {
  const AppFolder folder(call, shortId);
  CAIRN_TRY(stopApp(call, folder, serviceName(shortId), graceMs));
  CAIRN_TRY(folder.remove());
  return markFolderRemoved(call);
}

Result<std::string> journaledShortId(const Call& call) {
  for (const Resource& resource : CAIRN_TRY(call.resources()))
    if (resource.kind == kFolderKind) return resource.name;
  return std::string();
}

}  // namespace cairn::plugins::local
