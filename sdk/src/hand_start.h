#pragma once
// What a plugin does when a person starts it.

#include "sdk/src/definition.h"

namespace cairn::detail {

// Answers --manifest and --version; otherwise says what the plugin is and how it is used (exit 64).
int startedByHand(const Plugin::Definition& definition, int argc, char** argv);

// Listens on a Unix socket at `path` until somebody connects; -1, and a line on stderr, if it can't.
int acceptOne(const char* path);

}  // namespace cairn::detail
