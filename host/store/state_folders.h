#pragma once
// Where Cairn keeps things: what must last under the state folder, what can be made again under the cache
// folder.

#include <cairn/base/result.h>

#include <string>
#include <string_view>

namespace cairn::host {

struct StateFolders {
  std::string state;  // absolute, e.g. /home/alice/.local/state/cairn
  std::string cache;  // absolute, e.g. /home/alice/.cache/cairn

  std::string database() const { return state + "/cairn.db"; }
  std::string locks() const { return state + "/locks"; }
  std::string data() const { return state + "/data"; }  // a folder for each plugin below it
};

// Reads XDG_STATE_HOME, XDG_CACHE_HOME and HOME; a relative path in the first two is ignored, as XDG asks.
// Makes no folder.
//
// Errors: no-home.
Result<StateFolders> findStateFolders();

// Makes `path` and its missing parents with mode 0700; one that is there stays as it is.
//
// Errors: those of folderError().
Result<void> makePrivateFolder(const std::string& path);

// What a failed system call on `path` means to a person: store-read-only, store-full, else state-folder.
// `verb`: "create", "open".
Error folderError(std::string_view verb, const std::string& path, int systemError);

}  // namespace cairn::host
