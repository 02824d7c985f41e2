#pragma once
// Folders named by their content, under the plugin's cache folder. One that somebody wrote into, as an app
// may that runs in it, is not given out again: its content is copied anew beside it. Each look reads all of
// it.

#include "file_tree.h"

#include <cairn/plugin.h>
#include <cairn/types.capnp.h>

namespace cairn::plugins::files {

// The folder with the content of `tree`: one that is there already, or a copy.
Result<Owned<wire::FilesDirectory>> storeCopy(const Call& call, const FileTree& tree);

// The same for all of a folder.
Result<Owned<wire::FilesDirectory>> storeFolder(const Call& call, const std::filesystem::path& made);

}  // namespace cairn::plugins::files
