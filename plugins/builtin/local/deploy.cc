#include "app_command.h"
#include "app_files.h"
#include "app_folder.h"
#include "app_log.h"
#include "platform.h"
#include "port_in_use.h"
#include "ports.h"
#include "readiness.h"
#include "stopping.h"

#include <cstdio>

namespace cairn::plugins::local {
namespace fs = std::filesystem;
namespace {

constexpr int kPortTries = 3;
constexpr std::uint32_t kLogTail = 20;

std::string seconds(std::uint32_t milliseconds) {
  if (milliseconds % 1000 == 0) return std::to_string(milliseconds / 1000);
  char text[32];
  std::snprintf(text, sizeof text, "%u.%03u", milliseconds / 1000, milliseconds % 1000);
  return text;
}

const char* restartName(wire::PlatformSettings::Restart restart) {
  switch (restart) {
    case wire::PlatformSettings::Restart::ON_FAILURE:
      return "on-failure";
    case wire::PlatformSettings::Restart::NEVER:
      return "never";
    default:
      return "always";
  }
}

Result<fs::path> workingFolder(const fs::path& files, const std::string& dir) {
  const fs::path folder = (files / dir).lexically_normal();
  std::error_code failure;
  if (fs::is_directory(folder, failure)) return folder;
  return Error{.kind = ErrorKind::Config,
               .code = "local/bad-setting",
               .message = "the app's files have no folder '" + dir + "'",
               .hint = "dir is relative to the app's files",
               .settingPath = "dir"};
}

// One deployment in the making.
class Start {
 public:
  Start(const Call& call, cairn::wire::FilesDirectory::Reader files,
        cairn::wire::DeploymentConfig::Reader config, wire::PlatformSettings::Reader settings)
      : call_(call),
        files_(files),
        config_(config),
        settings_(settings),
        folder_(call, config.getShortId()),
        service_(serviceName(config.getShortId())),
        title_(std::string(config.getApp()) + " v" + std::to_string(config.getSequence())) {}

  Result<Owned<wire::Deployment>> run() {
    CAIRN_TRY(prepare());
    for (int attempt = 1;; ++attempt) {
      port_ = CAIRN_TRY(choosePort());
      const Waited waited = CAIRN_TRY(startAndWait());
      if (waited.readiness == Readiness::Ready) return deployment();
      const bool again =
          waited.readiness == Readiness::Stranger && settings_.getPort() == 0 && attempt < kPortTries;
      if (again) {
        CAIRN_TRY(stopApp(call_, folder_, service_, settings_.getGraceMs()));
        continue;
      }
      Error error = failure(waited);
      removeWhatIsLeft();
      return error;
    }
  }

 private:
  Result<void> prepare() {
    const fs::path built = files_.getPath().cStr();
    CAIRN_TRY(checkAppFiles(files_, title_));
    CAIRN_TRY(workingFolder(built, settings_.getDir()));
    commandAsBuilt_ = CAIRN_TRY(commandIn(built));
    Resource resource = CAIRN_TRY(call_.intend(kFolderKind, config_.getShortId().cStr()));
    CAIRN_TRY(makeFolder());
    CAIRN_TRY(call_.created(resource, folder_.path().string()));
    auto copied = takeFiles();
    if (!copied) removeWhatIsLeft();
    return copied;
  }

  Result<void> takeFiles() {
    CAIRN_TRY(copyAppFiles(call_, files_, folder_, title_));
    workingFolder_ = CAIRN_TRY(workingFolder(folder_.files(), settings_.getDir()));
    command_ = CAIRN_TRY(commandIn(folder_.files()));
    return {};
  }

  Result<std::vector<std::string>> commandIn(const fs::path& files) const {
    std::vector<std::string> out;
    for (auto word : settings_.getCommand()) out.emplace_back(word);
    if (out.empty()) out.emplace_back();
    out[0] = CAIRN_TRY(resolveProgram(out[0], files, searchPathOf(appEnvironment(settings_, config_, 0))));
    return out;
  }

  Result<void> makeFolder() const {
    std::error_code failure;
    fs::create_directories(folder_.path(), failure);
    if (failure)
      return Error{.kind = ErrorKind::Failed,
                   .code = "local/folder-not-made",
                   .message = "can't make " + folder_.path().string() + ": " + failure.message(),
                   .hint = "Cairn's state folder must be writable"};
    fs::permissions(folder_.path(), fs::perms::owner_all, failure);
    folder_.setOrigin({config_.getProject().cStr(), config_.getApp().cStr(), config_.getWorkspace().cStr(),
                       config_.getSequence()});
    return {};
  }

  void removeWhatIsLeft() const {
    if (auto left = removeApp(call_, config_.getShortId(), settings_.getGraceMs()); !left)
      call_.log(LogLevel::Warn, left.error().message);
  }

  Result<std::uint16_t> choosePort() const {
    const std::uint16_t wanted = settings_.getPort();
    if (wanted == 0) return chooseFreePort();
    if (isPortFree(wanted)) return wanted;
    (void)removeApp(call_, config_.getShortId(), 0);
    return fixedPortInUse();
  }

  Error fixedPortInUse() const {
    Error error = portInUse(call_, settings_.getPort(), kLeaveOutPort);
    error.settingPath = "port";
    return error;
  }

  Result<Waited> startAndWait() {
    Step step = call_.step("Starting " + title_ + " on port " + std::to_string(port_));
    std::error_code ignored;
    fs::remove(folder_.stateFile(), ignored);  // of the try before
    auto service = call_.startService({.name = service_,
                                       .argv = supervisorCommand(),
                                       .environment = {},
                                       .input = environmentBytes(appEnvironment(settings_, config_, port_))});
    if (!service) {
      step.fail();
      (void)removeApp(call_, config_.getShortId(), 0);
      return std::move(service).error();
    }
    const Waited waited = waitUntilReady(call_, folder_, service->pid, settings_.getProbe(), port_);
    if (waited.readiness != Readiness::Ready) step.fail();
    return waited;
  }

  std::vector<std::string> supervisorCommand() const {
    std::vector<std::string> out = {bundledProgram(call_, "cairn-supervise"),
                                    "--name",
                                    service_,
                                    "--state",
                                    folder_.stateFile(),
                                    "--log",
                                    folder_.logFile(),
                                    "--control",
                                    folder_.control(),
                                    "--restart",
                                    restartName(settings_.getRestart()),
                                    "--backoff-max",
                                    seconds(settings_.getBackoffMaxMs()),
                                    "--grace",
                                    seconds(settings_.getGraceMs()),
                                    "--log-limit",
                                    std::to_string(settings_.getLogLimitBytes()),
                                    "--cwd",
                                    workingFolder_,
                                    "--env-fd",
                                    "3",
                                    "--"};
    out.insert(out.end(), command_.begin(), command_.end());
    return out;
  }

  // Tells why it isn't ready, after the end of its log.
  Error failure(const Waited& waited) const {
    if (waited.readiness == Readiness::Cancelled) return call_.cancelledError();
    if (waited.readiness == Readiness::Stranger)
      return settings_.getPort() != 0 ? fixedPortInUse() : portInUse(call_, port_, "try again");
    LogReader reader(folder_.logFile());
    giveLogSoFar(call_, reader, {.tail = kLogTail}, title_);
    if (waited.readiness == Readiness::Exited)
      return Error{.kind = ErrorKind::Failed,
                   .code = "local/app-exited",
                   .message = title_ + " " + waited.reason + " before it was ready",
                   .hint = whyItExited(waited.reason) + " by hand with " + commandLine()};
    return Error{
        .kind = ErrorKind::Failed,
        .code = "local/probe-failed",
        .message = title_ + " was not ready within " + seconds(settings_.getProbe().getTimeoutMs()) +
                   " s: " + waited.reason,
        .hint =
            waited.answered
                ? "the app runs and answers: set probe.path to what it answers with 200 to 399, or mend it"
                : "the app must listen on the port in PORT; if it doesn't listen at all, set probe.kind = "
                  "\"none\"",
        .settingPath = "probe"};
  }

  std::string whyItExited(const std::string& reason) const {
    const auto& words = commandAsBuilt_;
    if (words.size() < 2 || words[1] != "-c") {
      for (const std::string& word : words) {
        if (word.find("$PORT") != word.npos || word.find("${PORT}") != word.npos)
          return "no shell runs here, so that '" + word +
                 "' reached the program as it is: command = [\"sh\", \"-c\", \"exec … $PORT\"]; run it";
      }
    }
    if (reason == "exited with code 0")
      return "has its command gone into the background? It must stay in the foreground; run it";
    return "if its log above doesn't tell why, run it";
  }

  std::string commandLine() const {
    std::string out = "PORT=" + std::to_string(port_);
    for (const std::string& word : commandAsBuilt_) out += " " + quoted(word);
    return out;
  }

  // As a shell reads it back.
  static std::string quoted(const std::string& word) {
    constexpr auto kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,";
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
    std::string out = "'";
    for (char letter : word) out += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    return out + "'";
  }

  Owned<wire::Deployment> deployment() const {
    Owned<wire::Deployment> out;
    out->setDeploymentId(config_.getDeploymentId());
    out->setShortId(config_.getShortId());
    out->setProject(config_.getProject());
    out->setApp(config_.getApp());
    out->setWorkspace(config_.getWorkspace());
    out->setSequence(config_.getSequence());
    out->setService(service_);
    out->setHost(kLoopback);
    out->setPort(port_);
    if (listens(settings_.getProbe()))
      out->setUrl("http://" + std::string(kLoopback) + ":" + std::to_string(port_));
    out->setFolder(folder_.files().string());
    return out;
  }

  const Call& call_;
  const cairn::wire::FilesDirectory::Reader files_;
  const cairn::wire::DeploymentConfig::Reader config_;
  const wire::PlatformSettings::Reader settings_;
  const AppFolder folder_;
  const std::string service_;
  const std::string title_;  // "web v3"
  fs::path workingFolder_;
  std::vector<std::string> commandAsBuilt_;  // in what was built, which is there also after a failure
  std::vector<std::string> command_;         // in the copy
  std::uint16_t port_ = 0;
};

}  // namespace

Result<Owned<wire::Deployment>> deploy(const Call& call, cairn::wire::FilesDirectory::Reader files,
                                       cairn::wire::DeploymentConfig::Reader config,
                                       wire::PlatformSettings::Reader settings) {
  return Start(call, files, config, settings).run();
}

}  // namespace cairn::plugins::local
