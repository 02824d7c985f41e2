#pragma once
// One run at a time for an app in a workspace, kept by the kernel: the lock ends with the process that holds
// it, however it ends.

#include <cairn/base/result.h>
#include <host/store/actor.h>

#include <kj/io.h>
#include <kj/time.h>

#include <string>

namespace cairn::host {

struct AppScope {
  std::string project;
  std::string app;
  std::string workspace;
};

class AppLock {
 public:
  // Takes the lock or answers at once. `folder` is StateFolders::locks() and is made if missing. The lock's
  // file stays behind, empty of meaning once nobody holds it.
  //
  // Errors: app-locked (Refused), which names the holder's pid, user, host, command and age; those of
  // folderError().
  static Result<AppLock> tryTake(const std::string& folder, const AppScope& scope, const Actor& actor,
                                 const kj::Clock& clock);

  // Whether any process holds it, this one included. Doesn't take it. False where the file can't be opened.
  static bool isHeld(const std::string& folder, const AppScope& scope);

  AppLock(AppLock&&) = default;
  AppLock& operator=(AppLock&&) = default;

 private:
  explicit AppLock(kj::AutoCloseFd file) : file_(kj::mv(file)) {}

  kj::AutoCloseFd file_;  // the lock is this open file's own and ends when it is closed
};

}  // namespace cairn::host
