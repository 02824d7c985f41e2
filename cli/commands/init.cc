// `cairn init`: writes a first cairn.toml.

#include <cairn/base/write_all.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/command.h"
#include "cli/init/project_text.h"
#include "cli/output/json_text.h"

namespace cairn::cli {

namespace {

Failure failed(ErrorKind kind, std::string code, std::string message, std::string hint) {
  return Error{.kind = kind, .code = std::move(code), .message = std::move(message), .hint = std::move(hint)};
}

// The start command of somebody who sits at a terminal; empty when nobody does.
std::string ask(const CommandContext& context) {
  if (context.output.isJson() || !isatty(context.stdinFd)) return "";
  FdSink(context.stderrFd).write("How is the app started? It must listen on $PORT: ");
  std::string line;
  char letter = 0;
  while (read(context.stdinFd, &letter, 1) == 1 && letter != '\n') line += letter;
  return line;
}

Answer<DetectedApp> findApp(const CommandContext& context) {
  if (context.options.has("command")) return appOfCommand(context.options.text("command"));
  if (auto found = detectApp(context.directory)) return *found;
  std::string command = ask(context);
  if (!command.empty()) return appOfCommand(command);
  return failed(ErrorKind::Config, "nothing-detected",
                "found no Dockerfile, no start command and no index.html in " + context.directory,
                "tell how the app is started: cairn init --command './server --port $PORT'");
}

Answer<void> writeNew(const std::string& path, const std::string& text) {
  int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0 && errno == EEXIST) {
    return failed(ErrorKind::Refused, "file-exists", path + " exists already; it was left as it is",
                  "remove it first, or edit it");
  }
  bool written = fd >= 0 && writeAll(fd, text);
  int why = errno;
  if (fd >= 0) close(fd);
  if (written) return {};
  if (fd >= 0) unlink(path.c_str());
  return failed(ErrorKind::Failed, "file-not-written", "can't write " + path + ": " + std::strerror(why),
                "choose another folder");
}

Answer<ExitCode> run(CommandContext& context) {
  std::filesystem::path folder = context.directory;
  std::string path = (folder / "cairn.toml").string();
  if (std::filesystem::exists(path)) CAIRN_TRY(writeNew(path, ""));
  DetectedApp app = CAIRN_TRY(findApp(context));
  std::string project =
      nameFrom(context.options.has("name") ? context.options.text("name") : folder.filename().string());
  std::string appName = app.kind == DetectedApp::Kind::StaticSite ? "site" : "web";
  CAIRN_TRY(writeNew(path, projectText(app, project, appName)));
  context.output.json(JsonObject()
                          .add("file", path)
                          .add("project", project)
                          .add("app", appName)
                          .add("because", app.because)
                          .text());
  context.output.lines(
      {"wrote " + path + ": app " + appName + ", because of " + app.because, "next: cairn up"});
  return ExitCode::Done;
}

}  // namespace

Command makeInit() {
  return {.path = "init",
          .group = "Setting up",
          .summary = "Write a first cairn.toml, by what is found in the folder",
          .description =
              "A Dockerfile is built and run with docker. Else a start command (Procfile, package.json, "
              "Makefile, a well-known\n"
              "file) or a static site (index.html) is run with local. An existing file is left as it is.",
          .example = "cairn init --command './server --port $PORT'",
          .options = {{"--name", "NAME", "The project's name; else the folder's"},
                      {"--command", "COMMAND", "How the app is started, for the shell"}},
          .run = run};
}

}  // namespace cairn::cli
