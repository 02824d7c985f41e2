#include "cli/gone_apps.h"

#include "cli/output/json_text.h"
#include "host/project/project.h"

namespace cairn::cli {

Lines goneLines(const std::vector<GoneApp>& apps) {
  Lines lines;
  for (const GoneApp& gone : apps) {
    const std::string elsewhere =
        gone.workspace == host::kDefaultWorkspace ? "" : " --workspace " + gone.workspace;
    lines.push_back(Line(gone.app + ": not in cairn.toml any more; v" + std::to_string(gone.sequence) +
                             (gone.serves ? " still serves" : " is still deployed"),
                         Tone::Warn)
                        .add(" ('cairn destroy --app " + gone.app + elsewhere + "' removes it)", Tone::Dim));
  }
  return lines;
}

std::string goneJson(const std::vector<GoneApp>& apps) {
  std::string list;
  for (const GoneApp& gone : apps) {
    list += (list.empty() ? "" : ",") + JsonObject()
                                            .add("app", gone.app)
                                            .add("sequence", int64_t{gone.sequence})
                                            .addBool("serves", gone.serves)
                                            .text();
  }
  return list.empty() ? "" : "[" + list + "]";
}

}  // namespace cairn::cli
