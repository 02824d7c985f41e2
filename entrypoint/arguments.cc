#include "entrypoint/arguments.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace cairn::entrypoint {

Result<Arguments> Arguments::parse(std::span<char* const> args,
                                   std::initializer_list<std::string_view> known) {
  Arguments out;
  for (size_t i = 0; i < args.size(); ++i) {
    std::string_view word = args[i];
    if (word == "--") {
      out.command_.assign(args.begin() + static_cast<ptrdiff_t>(i) + 1, args.end());
      break;
    }
    if (!word.starts_with("--")) return usageError("unexpected '" + std::string(word) + "'");
    word.remove_prefix(2);
    const size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    if (std::find(known.begin(), known.end(), name) == known.end())
      return usageError("unknown option --" + std::string(name));
    if (equals == std::string_view::npos && i + 1 == args.size())
      return usageError("--" + std::string(name) + " needs a value");
    const std::string_view value = equals == std::string_view::npos ? args[++i] : word.substr(equals + 1);
    out.options_.emplace_back(name, value);
  }
  return out;
}

std::optional<std::string> Arguments::find(std::string_view name) const {
  for (const auto& [option, value] : options_)
    if (option == name) return value;
  return std::nullopt;
}

Result<std::string> Arguments::require(std::string_view name) const {
  auto value = find(name);
  if (!value || value->empty()) return usageError("--" + std::string(name) + " is missing");
  return *value;
}

Result<std::chrono::milliseconds> Arguments::seconds(std::string_view name,
                                                     std::chrono::milliseconds otherwise) const {
  const auto value = find(name);
  if (!value) return otherwise;
  double out = 0;
  auto [stop, code] = std::from_chars(value->data(), value->data() + value->size(), out);
  constexpr double kYear = 366.0 * 24 * 3600;
  if (code != std::errc() || stop != value->data() + value->size() || !(out >= 0 && out <= kYear))
    return usageError("--" + std::string(name) + " must be a number of seconds, not '" + *value + "'");
  return std::chrono::milliseconds(static_cast<int64_t>(out * 1000));
}

Result<int> Arguments::number(std::string_view name, int otherwise) const {
  const auto value = find(name);
  if (!value) return otherwise;
  int out = 0;
  auto [stop, code] = std::from_chars(value->data(), value->data() + value->size(), out);
  if (code != std::errc() || stop != value->data() + value->size() || out < 0)
    return usageError("--" + std::string(name) + " must be a whole number, not '" + *value + "'");
  return out;
}

Error usageError(std::string message, std::string hint) {
  return Error{.kind = ErrorKind::Config,
               .code = "entrypoint-usage",
               .message = std::move(message),
               .hint = std::move(hint)};
}

int reportError(std::string_view program, const Error& error) {
  std::string text = std::string(program) + ": " + error.message;
  if (!error.hint.empty()) text += " (" + error.hint + ")";
  std::fprintf(stderr, "%s\n", text.c_str());
  return error.kind == ErrorKind::Config ? 2 : 1;
}

}  // namespace cairn::entrypoint
