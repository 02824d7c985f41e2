#include "connection.h"

namespace cairn::plugins::docker {

Result<Engine> connectEngine(const Call& call, capnp::Text::Reader setting, capnp::Text::Reader recorded) {
  if (setting.size() == 0 && recorded.size() > 0) {
    return Engine::connect(CAIRN_TRY(parseEngineAddress(toString(recorded), "as recorded")), call.cancelFd());
  }
  return Engine::connect(CAIRN_TRY(findEngine(toString(setting))), call.cancelFd());
}

std::filesystem::path pathIn(const std::filesystem::path& folder, capnp::Text::Reader path) {
  return path.size() == 0 ? folder : (folder / toString(path)).lexically_normal();
}

}  // namespace cairn::plugins::docker
