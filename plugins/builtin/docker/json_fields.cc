#include "json_fields.h"

#include <nlohmann/json.hpp>

#include <optional>

namespace cairn::plugins::docker {
namespace {

using Json = nlohmann::json;

// The path of the first string that is no UTF-8, as "/Cmd/1"; a field's own name may be it, too.
std::optional<std::string> findNotUtf8(const Json& json, const std::string& path) {
  if (json.is_string() && !isUtf8(json.get_ref<const std::string&>())) return path;
  if (!json.is_structured()) return std::nullopt;
  for (auto item = json.begin(); item != json.end(); ++item) {
    const std::string name =
        json.is_object() ? item.key() : std::to_string(std::distance(json.begin(), item));
    if (!isUtf8(name)) return path + "/ (a name in it)";
    if (auto found = findNotUtf8(*item, path + "/" + name)) return found;
  }
  return std::nullopt;
}

}  // namespace

std::string textAt(const Json& object, const char* key, std::string otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

std::int64_t numberAt(const Json& object, const char* key, std::int64_t otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<std::int64_t>() : otherwise;
}

bool flagAt(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

const Json& objectAt(const Json& object, const char* key) {
  static const Json kEmpty = Json::object();
  const auto found = object.find(key);
  return found != object.end() && found->is_object() ? *found : kEmpty;
}

Result<std::string> jsonText(const Json& json) {
  if (auto path = findNotUtf8(json, "")) {
    return Error{.kind = ErrorKind::Config,
                 .code = "docker/not-utf8",
                 .message = "the Docker Engine takes UTF-8 alone, but " + *path + " has other bytes",
                 .hint = "write it in UTF-8, or hand it over in a file"};
  }
  return json.dump();
}

bool isUtf8(const std::string& text) {
  try {
    (void)Json(text).dump();
    return true;
  } catch (const Json::type_error&) {
    return false;
  }
}

}  // namespace cairn::plugins::docker
