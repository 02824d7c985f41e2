#pragma once
// Files under the plugin's data folder that stand for things made outside.

#include <cairn/plugin.h>
#include <cairn/types.capnp.h>

#include <string>

namespace cairn::plugins::null {

// Journals the file, makes it, and journals that it was made. `name` is a file's name.
Result<void> makeFile(const Call& call, const std::string& name, const std::string& content);
// Removes all that the journal knows of this deployment or release.
Result<void> removeFiles(const Call& call);
// Ready while all of them are there, gone when none is.
Result<Owned<wire::Status>> statusOfFiles(const Call& call, const std::string& url);

}  // namespace cairn::plugins::null
