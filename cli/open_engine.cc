#include "cli/engine.h"

namespace cairn::cli {

Answer<std::unique_ptr<Engine>> openEngine(const EngineOptions&, const Interrupt&, Masker&) {
  return Failure(Error{.kind = ErrorKind::Unavailable,
                       .code = "no-engine",
                       .message = "this cairn was built without its engine",
                       .hint = "build it with host/pipeline"});
}

}  // namespace cairn::cli
