// cairn-proxy: a stable address in front of an app's deployments.

#include "entrypoint/arguments.h"
#include "entrypoint/control_client.h"
#include "entrypoint/proxy/proxy_server.h"

#include <cstdio>

namespace cairn::entrypoint {
namespace {

constexpr char kUsage[] =
    "cairn-proxy serve --listen HOST:PORT [--control PATH] [--state FILE] [--backend HOST:PORT --deployment "
    "NAME]\n"
    "                  [--drain-timeout SECONDS] [--response-timeout SECONDS] [--client-timeout SECONDS]\n"
    "cairn-proxy switch --control PATH --backend HOST:PORT --deployment NAME [--drain-timeout SECONDS]\n"
    "cairn-proxy status --control PATH\n"
    "\n"
    "HOST is an IP address; names are not looked up.\n";

Result<int> serve(std::span<char* const> args) {
  const Arguments given =
      CAIRN_TRY(Arguments::parse(args, {"listen", "control", "state", "backend", "deployment",
                                        "drain-timeout", "response-timeout", "client-timeout"}));
  ServeOptions options;
  options.listen = CAIRN_TRY(given.require("listen"));
  options.controlPath = given.find("control").value_or("");
  options.stateFile = given.find("state").value_or("");
  options.backend = given.find("backend").value_or("");
  options.deployment = given.find("deployment").value_or("");
  options.drainTimeout = CAIRN_TRY(given.seconds("drain-timeout", options.drainTimeout));
  options.responseTimeout = CAIRN_TRY(given.seconds("response-timeout", options.responseTimeout));
  options.clientTimeout = CAIRN_TRY(given.seconds("client-timeout", options.clientTimeout));
  if (options.backend.empty() != options.deployment.empty())
    return usageError("--backend and --deployment go together");
  CAIRN_TRY(serveProxy(options));
  return 0;
}

Result<int> ask(const std::string& control, const FlatJson& request) {
  const FlatJson answer = CAIRN_TRY(askControl(control, request));
  std::printf("%s\n", answer.line().c_str());
  return 0;
}

Result<int> switchBackend(std::span<char* const> args) {
  const Arguments given =
      CAIRN_TRY(Arguments::parse(args, {"control", "backend", "deployment", "drain-timeout"}));
  FlatJson request;
  request.setText("command", "switch");
  request.setText("backend", CAIRN_TRY(given.require("backend")));
  request.setText("deployment", CAIRN_TRY(given.require("deployment")));
  const auto drain = CAIRN_TRY(given.seconds("drain-timeout", std::chrono::seconds(30)));
  request.setNumber("drainTimeoutMs", drain.count());
  return ask(CAIRN_TRY(given.require("control")), request);
}

Result<int> status(std::span<char* const> args) {
  const Arguments given = CAIRN_TRY(Arguments::parse(args, {"control"}));
  return ask(CAIRN_TRY(given.require("control")), FlatJson().setText("command", "status"));
}

Result<int> run(std::span<char* const> args) {
  const std::string mode = args.empty() ? "" : args[0];
  if (mode == "serve") return serve(args.subspan(1));
  if (mode == "switch") return switchBackend(args.subspan(1));
  if (mode == "status") return status(args.subspan(1));
  std::fputs(kUsage, mode == "--help" ? stdout : stderr);
  return mode == "--help" ? 0 : 2;
}

}  // namespace
}  // namespace cairn::entrypoint

int main(int argc, char** argv) {
  const auto code = cairn::entrypoint::run({argv + 1, argv + argc});
  return code ? *code : cairn::entrypoint::reportError("cairn-proxy", code.error());
}
