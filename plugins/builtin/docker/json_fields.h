#pragma once
// Reads and writes the JSON of the engine, of docker's files and of credential helpers. Nothing here throws:
// what others wrote may be anything.

#include <cairn/base/result.h>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>

namespace cairn::plugins::docker {

// A field of an object; `otherwise` where there is none, it has another type, or `object` is none.
std::string textAt(const nlohmann::json& object, const char* key, std::string otherwise = {});
std::int64_t numberAt(const nlohmann::json& object, const char* key, std::int64_t otherwise = 0);
bool flagAt(const nlohmann::json& object, const char* key);
const nlohmann::json& objectAt(const nlohmann::json& object, const char* key);  // else an empty one

// JSON as text.
//
// Errors: Config "docker/not-utf8", which names the field: JSON can't hold other bytes.
Result<std::string> jsonText(const nlohmann::json& json);

bool isUtf8(const std::string& text);

}  // namespace cairn::plugins::docker
