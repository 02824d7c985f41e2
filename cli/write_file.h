#pragma once
// Files that a command writes where the user says.

#include <string>
#include <string_view>

#include "cli/failure.h"

namespace cairn::cli {

enum class Readers { OwnerOnly, AsUsual };  // AsUsual: as the file before it, else as the umask says

// The file appears whole or not at all, also where the machine stops, through a new file beside it; one in a
// folder that takes no new file is written into. A link is followed; what is no regular file (a device, a
// named pipe) or is our own stdout or stderr is written into. Error: file-not-written.
Result<void, Failure> writeFile(const std::string& path, std::string_view text, Readers readers);

}  // namespace cairn::cli
