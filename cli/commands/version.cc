// `cairn version`

#include <cairn/plugin.capnp.h>

#include "cli/command.h"
#include "cli/output/json_text.h"

namespace cairn::cli {

namespace {

Answer<ExitCode> run(CommandContext& context) {
  context.output.json(
      JsonObject().add("version", CAIRN_VERSION).add("protocol", int64_t{wire::PROTOCOL_MAJOR}).text());
  context.output.text("cairn " CAIRN_VERSION);
  return ExitCode::Done;
}

}  // namespace

Command makeVersion() {
  return {.path = "version",
          .group = "Looking",
          .summary = "Tell the version of this program",
          .example = "cairn version --json",
          .run = run};
}

}  // namespace cairn::cli
