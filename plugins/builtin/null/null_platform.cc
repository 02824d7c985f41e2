#include "null_platform.h"

#include "null_files.h"

#include <cstdlib>

namespace cairn::plugins::null {
namespace {

Owned<Deployment> makeDeployment(Image::Reader image, wire::DeploymentConfig::Reader config) {
  Owned<Deployment> deployment;
  deployment->setText(image.getText());
  deployment->setCounter(image.getCounter() + 1);
  deployment->setDeploymentId(config.getDeploymentId());
  deployment->setUrl("null://" + text(config.getShortId()));
  return deployment;
}

Result<void> makeResources(const Call& call, Image::Reader image, wire::DeploymentConfig::Reader config,
                           Settings::Reader settings) {
  for (std::uint32_t i = 1; i <= settings.getResources(); ++i) {
    CAIRN_TRY(makeFile(call, text(config.getShortId()) + "-" + std::to_string(i), text(image.getText())));
    if (i == settings.getFailAfter()) {
      return Error{.kind = ErrorKind::Failed,
                   .code = "null/failed",
                   .message = "failed after " + std::to_string(i) + " resources"};
    }
  }
  return behave(call, settings);
}

LogEntry logEntry(std::uint32_t number, Deployment::Reader deployment) {
  return {.time = std::chrono::milliseconds(1'700'000'000'000 + number),
          .stream = Stream::Stdout,
          .instance = "null",
          .text = "line " + std::to_string(number) + " of " + text(deployment.getText())};
}

Result<int> echoInput(const Call& call) {
  for (;;) {
    auto bytes = CAIRN_TRY(call.readInput());
    if (bytes.empty()) return 0;
    call.output(Stream::Stdout, bytes);
  }
}

}  // namespace

Result<Owned<Deployment>> deploy(const Call& call, Image::Reader image, wire::DeploymentConfig::Reader config,
                                 Settings::Reader settings) {
  auto step = call.step("Deploying nothing");
  if (auto made = makeResources(call, image, config, settings); !made) {
    step.fail();
    return std::move(made).error();
  }
  return makeDeployment(image, config);
}

Result<void> destroyDeployment(const Call& call, Deployment::Reader, Settings::Reader settings) {
  CAIRN_TRY(behaveAtOnce(call, settings));
  auto step = call.step("Destroying nothing");
  auto removed = removeFiles(call);
  if (!removed) step.fail();
  return removed;
}

Result<Owned<wire::Status>> deploymentStatus(const Call& call, Deployment::Reader deployment,
                                             Settings::Reader) {
  return statusOfFiles(call, text(deployment.getUrl()));
}

Result<void> deploymentLogs(const Call& call, Deployment::Reader deployment, Settings::Reader settings) {
  auto request = call.logRequest();
  auto lines = settings.getLogLines();
  auto first = request.tail > 0 && request.tail < lines ? lines - request.tail : 0;
  for (auto i = first; i < lines; ++i) call.logLine(logEntry(i + 1, deployment));
  while (request.follow && !call.sleep(std::chrono::milliseconds(100)))
    call.logLine(logEntry(++lines, deployment));
  return {};
}

Result<int> execInDeployment(const Call& call, Deployment::Reader, Settings::Reader settings) {
  CAIRN_TRY(behave(call, settings));
  auto& words = call.arguments();
  if (words.size() == 2 && words[0] == "exit") return std::atoi(words[1].c_str());
  if (words.size() == 1 && words[0] == "cat") return echoInput(call);
  std::string line;
  for (auto& word : words) line += line.empty() ? word : " " + word;
  call.output(Stream::Stdout, line + "\n");
  return 0;
}

}  // namespace cairn::plugins::null
