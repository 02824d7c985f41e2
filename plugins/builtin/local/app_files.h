#pragma once
// A deployment's own copy of the files that were built: what its app writes there is in no other deployment,
// and is gone with it.

#include "app_folder.h"

#include <cairn/types.capnp.h>

namespace cairn::plugins::local {

// Whether there are files to copy. Errors: local/files-changed.
Result<void> checkAppFiles(cairn::wire::FilesDirectory::Reader files, const std::string& title);

// Copies them to AppFolder::files(), in place of what is there, and compares the copy with the digest of what
// was built. Reads each file once more than it copies; costs no space where the file system shares blocks.
// What was copied stays after an error. Errors: local/files-changed, local/files-not-copied, and Cancelled.
Result<void> copyAppFiles(const Call& call, cairn::wire::FilesDirectory::Reader files,
                          const AppFolder& folder, const std::string& title);

}  // namespace cairn::plugins::local
