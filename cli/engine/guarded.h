#pragma once
// The last net below a command: an exception that came through becomes an error that says so.

#include "cli/engine.h"

#include <kj/exception.h>

#include <optional>

namespace cairn::cli {

template <typename T, typename Body>
Answer<T> guarded(Body body) {
  std::optional<Answer<T>> answer;
  auto exception = kj::runCatchingExceptions([&] { answer.emplace(body()); });
  KJ_IF_MAYBE (failure, exception) {
    return Failure(
        Error{.kind = ErrorKind::Internal,
              .code = "internal",
              .message = std::string("this should not have happened: ") + failure->getDescription().cStr(),
              .hint = "please report it, with the command and what `-v` prints",
              .detail = std::string(failure->getFile()) + ":" + std::to_string(failure->getLine())});
  }
  return std::move(*answer);
}

}  // namespace cairn::cli
