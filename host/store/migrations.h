#pragma once
// The layout of the store's file, and how an older one becomes the present one.

#include <cairn/base/result.h>
#include <host/store/sqlite.h>

#include <cstdint>
#include <span>
#include <string>

namespace cairn::host {

// One script a layout version, the first makes version 1. Scripts are never changed once released, only
// added.
std::span<const char* const> storeMigrations();

// Brings `database` to the newest of `migrations` in one transaction; does nothing but one read where it is
// there already.
//
// Errors: store-too-new, which names the Cairn that wrote it; store-corrupt where it is a database of
// something else.
Result<void> migrate(Database& database, const std::string& path, std::span<const char* const> migrations,
                     const std::string& cairnVersion, int64_t nowMs);

}  // namespace cairn::host
