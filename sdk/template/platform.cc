#include "platform.h"

#include <filesystem>

namespace cairn::plugins::@NAMESPACE@ {
namespace {

namespace fs = std::filesystem;

std::string text(capnp::Text::Reader from) {
  return {from.begin(), from.size()};
}

Error cannot(const std::string& what, const std::error_code& why) {
  return {.kind = ErrorKind::Failed,
          .code = "@NAME@/folder",
          .message = "can't " + what + ": " + why.message(),
          .hint = "look at the folder's permissions and at the free space"};
}

}  // namespace

Result<Owned<Deployment>> deploy(const Call& call, wire::FilesDirectory::Reader files,
                                 wire::DeploymentConfig::Reader config, Settings::Reader settings) {
  auto folder = fs::path(text(settings.getTarget())) / text(config.getShortId());
  auto step = call.step("Copying files to " + folder.string());

  auto resource = CAIRN_TRY(call.intend("folder", folder.string()));  // on the host's disk before the act
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (!failure) fs::copy(text(files.getPath()), folder, fs::copy_options::recursive, failure);
  if (failure) {
    step.fail();
    return cannot("copy to " + folder.string(), failure);
  }
  CAIRN_TRY(call.created(resource, folder.string()));

  Owned<Deployment> deployment;
  deployment->setFolder(folder.string());
  return deployment;
}

Result<void> destroy(const Call& call, Deployment::Reader, Settings::Reader) {
  for (auto& resource : CAIRN_TRY(call.resources())) {
    std::error_code failure;
    fs::remove_all(resource.name, failure);
    if (failure) return cannot("remove " + resource.name, failure);
    CAIRN_TRY(call.removed(resource));
  }
  return {};
}

Result<Owned<wire::Status>> status(const Call&, Deployment::Reader deployment, Settings::Reader) {
  std::error_code ignored;
  bool there = fs::is_directory(text(deployment.getFolder()), ignored);
  Owned<wire::Status> status;
  status->setHealth(there ? wire::Status::Health::READY : wire::Status::Health::GONE);
  status->setMessage(there ? "the folder is there" : "the folder is gone");
  return status;
}

}  // namespace cairn::plugins::@NAMESPACE@
