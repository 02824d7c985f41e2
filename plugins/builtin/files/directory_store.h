#pragma once
// Folders named by their content, under the plugin's cache folder. Nobody is to write into one: each is read
// before it is given out, and made anew where it has other content than its name says.

#include "source_files.h"

#include <cairn/plugin.h>
#include <cairn/types.capnp.h>

namespace cairn::plugins::files {

// The folder with the content of `tree`: one that is there already, or a copy. Errors: files/unreadable,
// files/unwritable, and Cancelled.
Result<Owned<wire::FilesDirectory>> storeCopy(const Call& call, const FileTree& tree);

}  // namespace cairn::plugins::files
