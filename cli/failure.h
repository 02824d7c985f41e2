#pragma once
// Why a command did not do what was asked: one error, or all the mistakes of a file at once, in its order.

#include <cairn/base/result.h>

#include <utility>
#include <vector>

namespace cairn::cli {

struct Failure {
  std::vector<Error> errors;  // never empty

  Failure(Error error) { errors.push_back(std::move(error)); }  // NOLINT: implicit by intent
  Failure(std::vector<Error> all) : errors(std::move(all)) {
    CAIRN_ASSERT(!errors.empty());
  }  // NOLINT: implicit by intent
};

// The same for a call that returns one error only.
template <typename T>
Result<T, Failure> orFailure(Result<T> result) {
  if (!result) return Failure(std::move(result).error());
  return std::move(result).value();
}

inline Result<void, Failure> orFailure(Result<void> result) {
  if (!result) return Failure(std::move(result).error());
  return {};
}

}  // namespace cairn::cli
