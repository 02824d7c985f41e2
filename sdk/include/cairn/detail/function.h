#pragma once
// How a plugin author's plain function becomes one that takes and gives bytes. Not for direct use.

#include <cairn/base/result.h>
#include <cairn/call.h>
#include <cairn/owned.h>

#include <capnp/any.h>
#include <capnp/message.h>
#include <capnp/schema.h>
#include <kj/common.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace cairn {
struct UnknownSettings;

namespace detail {

struct None {};

// A value's canonical words, aligned; not owned.
using Words = kj::ArrayPtr<const capnp::word>;

// All that a function may ask for. Lives as long as the function runs.
struct Invocation {
  const Call* call = nullptr;
  Words settings;             // empty: all defaults
  std::vector<Words> inputs;  // in the order of Function::inputs
  const UnknownSettings* unknown = nullptr;
};

// What a function answered: the canonical bytes of a value, an exit code, or nothing.
struct Answer {
  std::vector<std::uint64_t> words;  // canonical form of `output`'s struct
  int exitCode = 0;
};

// True where the struct carries $Cairn.type: it is a value; otherwise it is settings.
bool isValueType(capnp::StructSchema schema);
std::vector<std::uint64_t> canonicalWords(capnp::AnyStruct::Reader value);

struct Function {
  std::vector<capnp::StructSchema> inputs;  // in the order of the arguments
  std::optional<capnp::StructSchema> settings;
  std::optional<capnp::StructSchema> output;
  std::function<Result<Answer>(const Invocation&)> run;
  std::function<std::vector<Error>(const Invocation&)> check;  // set instead of `run` in a check
};

template <typename T>
capnp::StructSchema typeOf() {
  return capnp::Schema::from<T>();
}

// Reads the words of a value as T. The reader is made by the caller's message, which must outlive it.
template <typename F>
struct Signature;
template <typename R, typename... A>
struct Signature<R (*)(A...)> {
  using Return = R;
  using Arguments = std::tuple<std::decay_t<A>...>;
};
template <typename R, typename C, typename... A>
struct Signature<R (C::*)(A...) const> {
  using Return = R;
  using Arguments = std::tuple<std::decay_t<A>...>;
};
template <typename F, typename = void>
struct SignatureOf : Signature<decltype(&F::operator())> {};
template <typename F>
struct SignatureOf<F, std::enable_if_t<std::is_pointer_v<F>>> : Signature<F> {};

// One argument of an author's function: where it comes from and how it is handed over.
template <typename A>
class Argument {
  using T = capnp::FromReader<A>;

 public:
  static void describe(Function& function) {
    auto schema = typeOf<T>();
    if (isValueType(schema)) {
      function.inputs.push_back(schema);
    } else {
      CAIRN_ASSERT(!function.settings || *function.settings == schema);
      function.settings = schema;
    }
  }
  Argument(const Invocation& invocation, std::size_t& nextInput) {
    Words words = isValueType(typeOf<T>()) ? invocation.inputs[nextInput++] : invocation.settings;
    if (words.size() > 0) {
      segment_ = words;
      message_ = std::make_unique<capnp::SegmentArrayMessageReader>(kj::arrayPtr(&segment_, 1));
    }
  }
  A get() const { return message_ ? message_->template getRoot<T>() : A(); }

 private:
  Words segment_;
  std::unique_ptr<capnp::SegmentArrayMessageReader> message_;
};
template <>
class Argument<Call> {
 public:
  static void describe(Function&) {}
  Argument(const Invocation& invocation, std::size_t&) : call_(*invocation.call) {}
  const Call& get() const { return call_; }

 private:
  const Call& call_;
};
template <>
class Argument<UnknownSettings> {
 public:
  static void describe(Function&) {}
  Argument(const Invocation& invocation, std::size_t&) : unknown_(*invocation.unknown) {}
  const UnknownSettings& get() const { return unknown_; }

 private:
  const UnknownSettings& unknown_;
};

// What an author's function answers, as an Answer.
template <typename R>
struct Returned;
template <typename T>
struct Returned<Result<Owned<T>>> {
  static void describe(Function& function) { function.output = typeOf<T>(); }
  static Result<Answer> answer(Result<Owned<T>>&& result) {
    if (!result) return std::move(result).error();
    return Answer{canonicalWords(capnp::AnyStruct::Reader(result->reader())), 0};
  }
};
template <typename T>
struct Returned<Owned<T>> : Returned<Result<Owned<T>>> {
  static Result<Answer> answer(Owned<T>&& value) {
    return Returned<Result<Owned<T>>>::answer(Result<Owned<T>>(std::move(value)));
  }
};
template <>
struct Returned<Result<void>> {
  static void describe(Function&) {}
  static Result<Answer> answer(Result<void>&& result) {
    if (!result) return std::move(result).error();
    return Answer{};
  }
};
template <>
struct Returned<Result<int>> {
  static void describe(Function&) {}
  static Result<Answer> answer(Result<int>&& result) {
    if (!result) return std::move(result).error();
    return Answer{{}, *result};
  }
};

template <typename F, typename Tuple>
struct Caller;
template <typename F, typename... A>
struct Caller<F, std::tuple<A...>> {
  static auto call(const F& function, const Invocation& invocation) {
    std::size_t nextInput = 0;
    // Braces fix the order in which the inputs are taken.
    std::tuple<std::unique_ptr<Argument<A>>...> arguments{
        std::make_unique<Argument<A>>(invocation, nextInput)...};
    return std::apply([&](auto&... argument) { return function(argument->get()...); }, arguments);
  }
  static void describe(Function& out) { (Argument<A>::describe(out), ...); }
};

template <typename F>
Function makeFunction(F function) {
  using S = SignatureOf<F>;
  using C = Caller<F, typename S::Arguments>;
  Function out;
  C::describe(out);
  if constexpr (std::is_same_v<typename S::Return, std::vector<Error>>) {
    out.check = [function](const Invocation& invocation) { return C::call(function, invocation); };
  } else {
    Returned<typename S::Return>::describe(out);
    out.run = [function](const Invocation& invocation) {
      return Returned<typename S::Return>::answer(C::call(function, invocation));
    };
  }
  return out;
}

}  // namespace detail
}  // namespace cairn
