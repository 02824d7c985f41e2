#include "entrypoint/proxy/proxy_state.h"

#include "entrypoint/atomic_file.h"
#include "entrypoint/flat_json.h"

#include <unistd.h>

namespace cairn::entrypoint {

ProxyState readProxyState(const std::string& path) {
  const auto content = readFile(path);
  const auto json = FlatJson::parse(content.value_or("{}"));
  if (!json) return {};
  return {.address = json->findText("address").value_or(""),
          .backend = json->findText("backend").value_or(""),
          .deployment = json->findText("deployment").value_or("")};
}

Result<void> writeProxyState(const std::string& path, const ProxyState& state) {
  if (path.empty()) return {};
  FlatJson json;
  json.setText("address", state.address);
  state.backend.empty() ? json.setNull("backend") : json.setText("backend", state.backend);
  state.backend.empty() ? json.setNull("deployment") : json.setText("deployment", state.deployment);
  json.setNumber("pid", ::getpid());
  return replaceFile(path, json.line() + "\n");
}

}  // namespace cairn::entrypoint
