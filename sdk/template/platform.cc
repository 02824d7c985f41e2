#include "platform.h"

#include <cairn/file_tree.h>

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

// What was built, and nothing else: a gate may have looked at it.
Result<void> copyBuilt(wire::FilesDirectory::Reader files, const fs::path& to) {
  std::error_code failure;
  fs::create_directories(to, failure);
  if (failure) return cannot("make " + to.string(), failure);
  const auto digest = CAIRN_TRY(copyFiles(CAIRN_TRY(listFiles(text(files.getPath()))), to));
  if (files.getDigest().size() > 0 && digest != text(files.getDigest()))
    return Error{.kind = ErrorKind::Refused,
                 .message = "the files in " + text(files.getPath()) + " are not what was built",
                 .hint = "'cairn up' builds them anew"};
  return {};
}

}  // namespace

Result<Owned<Deployment>> deploy(const Call& call, wire::FilesDirectory::Reader files,
                                 wire::DeploymentConfig::Reader config, Settings::Reader settings) {
  auto folder = fs::path(text(settings.getTarget())) / text(config.getShortId());
  auto step = call.step("Copying files to " + folder.string());

  auto resource = CAIRN_TRY(call.intend("folder", folder.string()));  // on the host's disk before the act
  if (auto copied = copyBuilt(files, folder); !copied) {
    auto error = std::move(copied).error();
    error.code = "@NAME@/not-copied";
    return error;  // the step is shown as failed
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
