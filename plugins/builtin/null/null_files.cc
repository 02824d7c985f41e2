#include "null_files.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace cairn::plugins::null {
namespace {

std::filesystem::path pathOf(const Call& call, const std::string& name) {
  return call.dataDir() / name;
}

bool exists(const Call& call, const Resource& resource) {
  std::error_code ignored;
  return std::filesystem::exists(pathOf(call, resource.name), ignored);
}

wire::Status::Health healthOf(std::size_t there, std::size_t all) {
  if (there == 0) return wire::Status::Health::GONE;
  return there == all ? wire::Status::Health::READY : wire::Status::Health::PARTIAL;
}

}  // namespace

Result<void> makeFile(const Call& call, const std::string& name, const std::string& content) {
  auto resource = CAIRN_TRY(call.intend("file", name));
  auto path = pathOf(call, name);
  std::error_code ignored;
  std::filesystem::create_directories(path.parent_path(), ignored);
  std::ofstream file(path, std::ios::binary);
  file << content << std::flush;
  if (!file) {
    return Error{.kind = ErrorKind::Failed,
                 .code = "null/no-file",
                 .message = "can't write " + path.string() + ": " + std::strerror(errno),
                 .hint = "look at the folder's permissions and at the free space"};
  }
  return call.created(resource, path.string());
}

Result<void> removeFiles(const Call& call) {
  for (auto& resource : CAIRN_TRY(call.resources())) {
    std::error_code failure;
    std::filesystem::remove(pathOf(call, resource.name), failure);
    if (failure) {
      return Error{
          .kind = ErrorKind::Failed,
          .code = "null/no-file",
          .message = "can't remove " + pathOf(call, resource.name).string() + ": " + failure.message(),
          .hint = "look at the folder's permissions"};
    }
    CAIRN_TRY(call.removed(resource));
  }
  return {};
}

Result<Owned<wire::Status>> statusOfFiles(const Call& call, const std::string& url) {
  auto resources = CAIRN_TRY(call.resources());
  Owned<wire::Status> status;
  auto list = status->initResources(resources.size());
  std::size_t there = 0;
  for (std::size_t i = 0; i < resources.size(); ++i) {
    bool healthy = exists(call, resources[i]);
    there += healthy;
    list[i].setKind(resources[i].kind);
    list[i].setName(resources[i].name);
    list[i].setState(healthy ? "present" : "missing");
    list[i].setHealthy(healthy);
  }
  status->setHealth(healthOf(there, resources.size()));
  status->setMessage(std::to_string(there) + " of " + std::to_string(resources.size()) + " files are there");
  status->setUrl(url);
  return status;
}

}  // namespace cairn::plugins::null
