#pragma once
// A value, or the error that stands in its place.
//
// Has std::expected's member names, so that it can become an alias once the compiler has it. C++17.

#include <cairn/base/assert.h>
#include <cairn/base/error.h>

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace cairn {

template <typename T, typename E = Error>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  using error_type = E;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit by intent
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by intent

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // The value; calling it on an error is a bug in the caller and ends the program.
  T& value() & {
    CAIRN_ASSERT(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    CAIRN_ASSERT(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    CAIRN_ASSERT(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  E& error() & {
    CAIRN_ASSERT(!has_value());
    return *std::get_if<1>(&state_);
  }
  const E& error() const& {
    CAIRN_ASSERT(!has_value());
    return *std::get_if<1>(&state_);
  }
  E&& error() && {
    CAIRN_ASSERT(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

  template <typename U>
  T value_or(U&& other) && {
    return has_value() ? std::move(*this).value() : static_cast<T>(std::forward<U>(other));
  }

 private:
  std::variant<T, E> state_;
};

template <typename E>
class [[nodiscard]] Result<void, E> {
 public:
  using value_type = void;
  using error_type = E;

  Result() = default;
  Result(E error) : error_(std::move(error)) {}  // NOLINT: implicit by intent

  bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }
  void value() const { CAIRN_ASSERT(has_value()); }

  E& error() & {
    CAIRN_ASSERT(!has_value());
    return *error_;
  }
  const E& error() const& {
    CAIRN_ASSERT(!has_value());
    return *error_;
  }
  E&& error() && {
    CAIRN_ASSERT(!has_value());
    return std::move(*error_);
  }

 private:
  std::optional<E> error_;
};

namespace detail {
template <typename T, typename E>
T takeValue(Result<T, E>&& result) {
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}
}  // namespace detail

}  // namespace cairn

// The value of a Result; where it holds an error, the enclosing function returns that error.
#define CAIRN_TRY(expression)                                                  \
  __extension__({                                                              \
    auto cairnTryResult = (expression);                                        \
    if (!cairnTryResult.has_value()) return std::move(cairnTryResult).error(); \
    ::cairn::detail::takeValue(std::move(cairnTryResult));                     \
  })
