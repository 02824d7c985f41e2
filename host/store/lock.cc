#include "host/store/lock.h"

#include "host/store/id.h"
#include "host/store/state_folders.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cstring>
#include <sstream>

namespace cairn::host {
namespace {

constexpr size_t kLongestName = 200;  // file names end at 255 bytes

std::string fileNameOf(const AppScope& scope) {
  std::string out;
  for (const std::string* part : {&scope.project, &scope.workspace, &scope.app}) {
    if (!out.empty()) out += '+';
    for (unsigned char c : *part) {
      static constexpr char kDigits[] = "0123456789ABCDEF";
      if (isalnum(c) || c == '-' || c == '_' || (c == '.' && !out.empty())) {
        out += static_cast<char>(c);
      } else {
        out.append({'%', kDigits[c >> 4], kDigits[c & 15]});
      }
    }
  }
  if (out.size() > kLongestName) {
    uint64_t hash =
        0xcbf29ce484222325;  // FNV-1a: the same in every version, and nothing depends on its strength
    for (unsigned char c : out) hash = (hash ^ c) * 0x100000001b3;
    out = out.substr(0, kLongestName - 17) + '+' + std::to_string(hash).substr(0, 16);
  }
  return out + ".lock";
}

// Open-file-description locks: they belong to the open file, so that two locks of one process exclude each
// other as well, and a query doesn't take them.
struct flock wholeFile(short type) {
  struct flock out;
  memset(&out, 0, sizeof(out));
  out.l_type = type;
  out.l_whence = SEEK_SET;
  return out;
}

std::string oneLine(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

// Writes what a refusal tells. A failure is of no matter: the lock holds without it.
void writeHolder(int file, const Actor& actor, int64_t nowMs) {
  std::string text = std::to_string(actor.process.pid) + '\n' + std::to_string(nowMs) + '\n' +
                     oneLine(actor.user) + '\n' + oneLine(actor.host) + '\n' + oneLine(actor.command) + '\n';
  if (ftruncate(file, 0) != 0 || pwrite(file, text.data(), text.size(), 0) < 0) return;
}

std::string ageText(int64_t ms) {
  int64_t seconds = ms < 0 ? 0 : ms / 1000;
  if (seconds < 120) return std::to_string(seconds) + " s";
  if (seconds < 7200) return std::to_string(seconds / 60) + " min";
  return std::to_string(seconds / 3600) + " h";
}

// "pid 4711: alice on build1, `cairn up`, since 12 s"
std::string describeHolder(int file, int64_t nowMs) {
  std::array<char, 4096> buffer;
  ssize_t got = pread(file, buffer.data(), buffer.size(), 0);
  std::istringstream lines(std::string(buffer.data(), got < 0 ? 0 : got));
  std::string pid, since, user, host, command;
  std::getline(lines, pid);
  std::getline(lines, since);
  std::getline(lines, user);
  std::getline(lines, host);
  // Its last line may be missing: the holder takes the lock before it writes.
  if (!std::getline(lines, command)) return "another run that has just begun";
  return "pid " + pid + ", " + user + " on " + host + ", `" + command + "`, for " +
         ageText(nowMs - strtoll(since.c_str(), nullptr, 10));
}

Error lockedError(const AppScope& scope, std::string holder) {
  return {.kind = ErrorKind::Refused,
          .code = "app-locked",
          .message = "app \"" + scope.app + "\" of project \"" + scope.project +
                     "\" is being worked on in workspace \"" + scope.workspace + "\" by " + std::move(holder),
          .hint = "wait until that run has ended, or end it; the lock goes with its process"};
}

}  // namespace

Result<AppLock> AppLock::tryTake(const std::string& folder, const AppScope& scope, const Actor& actor,
                                 const kj::Clock& clock) {
  CAIRN_TRY(makePrivateFolder(folder));
  std::string path = folder + '/' + fileNameOf(scope);
  int opened = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (opened < 0) return folderError("open", path, errno);
  kj::AutoCloseFd file(opened);
  int64_t nowMs = unixMs(clock.now());
  struct flock wanted = wholeFile(F_WRLCK);
  if (fcntl(file, F_OFD_SETLK, &wanted) != 0) {
    if (errno != EAGAIN && errno != EACCES) return folderError("lock", path, errno);
    return lockedError(scope, describeHolder(file, nowMs));
  }
  writeHolder(file, actor, nowMs);
  return AppLock(kj::mv(file));
}

bool AppLock::isHeld(const std::string& folder, const AppScope& scope) {
  int opened = open((folder + '/' + fileNameOf(scope)).c_str(), O_RDWR | O_CLOEXEC);
  if (opened < 0) return false;
  kj::AutoCloseFd file(opened);
  struct flock asked = wholeFile(F_WRLCK);
  return fcntl(file, F_OFD_GETLK, &asked) == 0 && asked.l_type != F_UNLCK;
}

}  // namespace cairn::host
