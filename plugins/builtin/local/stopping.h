#pragma once
// Ends an app and removes what was made for it. Each is right to call when it is gone already, or half made.

#include "app_folder.h"

namespace cairn::plugins::local {

inline constexpr char kFolderKind[] =
    "folder";  // of its resource in the journal; the name is the deployment's short id

// The supervisor's name in Call::startService().
std::string serviceName(const std::string& shortId);

// Ends the app and its supervisor.
Result<void> stopApp(const Call& call, const AppFolder& folder, const std::string& service,
                     std::uint32_t graceMs);

// Ends it and removes its folder.
Result<void> removeApp(const Call& call, const std::string& shortId, std::uint32_t graceMs);

// The short id of the deployment that this call is about, from the journal; empty when nothing was begun.
Result<std::string> journaledShortId(const Call& call);

}  // namespace cairn::plugins::local
