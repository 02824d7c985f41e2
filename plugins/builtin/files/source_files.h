#pragma once
// The files of a folder that are to be built, and what to do where they can't be.

#include "ignore_rules.h"

#include <cairn/file_tree.h>

namespace cairn::plugins::files {

// All that the rules don't leave out; `.git` is always left out.
//
// Errors: files/no-folder; files/link-leaves-folder for a link that leads out of `root`; files/not-a-file for
// sockets, devices and pipes; files/unreadable.
Result<FileTree> listSource(const std::filesystem::path& root, const IgnoreRules& rules);

// All that is there, also a `.git`: for a folder that was built or unpacked, whose digest covers everything.
// Errors as above.
Result<FileTree> listWhole(const std::filesystem::path& root);

// An error of <cairn/file_tree.h> as one of this plugin, with what to do.
Error asOurs(Error error);

}  // namespace cairn::plugins::files
