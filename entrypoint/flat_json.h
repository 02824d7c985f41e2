#pragma once
// One JSON object on one line, its values plain: the form of the control messages and the state files.
//
// Null, booleans, whole numbers, strings and lists of strings; anything else is refused. Kept in the order of
// setting, so that files and answers read the same each time. Small on purpose: it is linked into programs
// that must start in a millisecond and run where no library is.

#include <cairn/base/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cairn::entrypoint {

class FlatJson {
 public:
  using Value = std::variant<std::nullptr_t, bool, int64_t, std::string, std::vector<std::string>>;

  // Reads one object. Errors: Config/bad-message, which says at which byte.
  static Result<FlatJson> parse(std::string_view line);

  FlatJson& setNull(std::string_view key) { return put(key, nullptr); }
  FlatJson& setBool(std::string_view key, bool value) { return put(key, value); }
  FlatJson& setNumber(std::string_view key, int64_t value) { return put(key, value); }
  FlatJson& setText(std::string_view key, std::string_view value) { return put(key, std::string(value)); }
  FlatJson& setList(std::string_view key, std::vector<std::string> value) {
    return put(key, std::move(value));
  }

  // The value of `key`; nothing when it is absent or of another kind.
  std::optional<bool> findBool(std::string_view key) const { return find<bool>(key); }
  std::optional<int64_t> findNumber(std::string_view key) const { return find<int64_t>(key); }
  std::optional<std::string> findText(std::string_view key) const { return find<std::string>(key); }
  std::optional<std::vector<std::string>> findList(std::string_view key) const {
    return find<std::vector<std::string>>(key);
  }

  // One line, without its end.
  std::string line() const;

 private:
  template <typename T>
  std::optional<T> find(std::string_view key) const {
    for (const auto& [name, value] : members_) {
      if (name != key) continue;
      if (const T* found = std::get_if<T>(&value)) return *found;
      return std::nullopt;
    }
    return std::nullopt;
  }
  FlatJson& put(std::string_view key, Value value);

  std::vector<std::pair<std::string, Value>> members_;
};

// An answer on a control socket that reports `error`, and the reverse.
FlatJson refusal(const Error& error);
Error errorOf(const FlatJson& refusal);

}  // namespace cairn::entrypoint
