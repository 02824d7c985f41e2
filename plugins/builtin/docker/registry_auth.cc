#include "registry_auth.h"

#include "credential_helper.h"

#include <sodium.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>

namespace cairn::plugins::docker {
namespace {

using Json = nlohmann::json;

constexpr const char* kHubKey = "https://index.docker.io/v1/";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string textAt(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<Json> readConfig(const std::filesystem::path& folder) {
  std::ifstream file(folder / "config.json");
  if (folder.empty() || !file) return Json::object();
  Json config = Json::parse(file, nullptr, false);
  if (!config.is_object()) {
    return Error{.kind = ErrorKind::Config,
                 .code = "docker/bad-config-file",
                 .message = (folder / "config.json").string() + " is not the JSON object that docker writes",
                 .hint = "mend it, or move it away and log in again with `docker login`"};
  }
  return config;
}

std::string configKey(std::string_view registry) {
  return registry == "docker.io" ? kHubKey : std::string(registry);
}

// An entry of `auths`: base64 of user:password, or a token.
Result<RegistryAuth> authFromEntry(const Json& entry, const std::string& key) {
  RegistryAuth out{textAt(entry, "username"), textAt(entry, "password"), textAt(entry, "identitytoken"), key};
  if (const std::string auth = textAt(entry, "auth"); !auth.empty()) {
    const std::string pair = CAIRN_TRY(decodeBase64(auth));
    const auto colon = pair.find(':');
    out.username = pair.substr(0, colon);
    if (colon != pair.npos) out.password = pair.substr(colon + 1);
  }
  return out;
}

// Old files name a registry by its URL.
bool namesRegistry(std::string_view key, std::string_view registry) {
  for (std::string_view scheme : {"https://", "http://"}) {
    if (key.substr(0, scheme.size()) == scheme) key.remove_prefix(scheme.size());
  }
  return key.substr(0, key.find('/')) == registry;
}

}  // namespace

std::filesystem::path dockerConfigFolder() {
  if (std::string folder = environment("DOCKER_CONFIG"); !folder.empty()) return folder;
  if (std::string home = environment("HOME"); !home.empty()) return std::filesystem::path(home) / ".docker";
  return {};
}

Result<RegistryAuth> findRegistryAuth(const std::filesystem::path& folder, std::string_view registry) {
  const Json config = CAIRN_TRY(readConfig(folder));
  const std::string key = configKey(registry);
  std::string helper = textAt(config, "credsStore");
  if (auto helpers = config.find("credHelpers"); helpers != config.end() && helpers->is_object()) {
    if (std::string own = textAt(*helpers, key.c_str()); !own.empty()) helper = own;
  }
  if (!helper.empty()) {
    RegistryAuth auth = CAIRN_TRY(askCredentialHelper(helper, key));
    if (!auth.anonymous()) return auth;
  }
  const auto auths = config.find("auths");
  if (auths == config.end() || !auths->is_object()) return RegistryAuth{};
  if (auto exact = auths->find(key); exact != auths->end()) return authFromEntry(*exact, key);
  for (const auto& [name, entry] : auths->items()) {
    if (namesRegistry(name, registry)) return authFromEntry(entry, name);
  }
  return RegistryAuth{};
}

Result<RegistryAuth> registryAuthFor(std::string_view registry, std::string_view username,
                                     std::string_view password) {
  if (!username.empty())
    return RegistryAuth{std::string(username), std::string(password), {}, configKey(registry)};
  return findRegistryAuth(dockerConfigFolder(), registry);
}

std::string encodeRegistryAuth(const RegistryAuth& auth) {
  Json out = Json::object();
  if (!auth.identityToken.empty()) {
    out = {{"identitytoken", auth.identityToken}, {"serveraddress", auth.server}};
  } else if (!auth.username.empty()) {
    out = {{"username", auth.username}, {"password", auth.password}, {"serveraddress", auth.server}};
  }
  return encodeBase64Url(out.dump());
}

Result<std::string> encodeRegistryConfig(const std::filesystem::path& folder) {
  const Json config = CAIRN_TRY(readConfig(folder));
  Json out = Json::object();
  if (auto auths = config.find("auths"); auths != config.end() && auths->is_object()) {
    for (const auto& [name, entry] : auths->items()) {
      const RegistryAuth auth = CAIRN_TRY(authFromEntry(entry, name));
      if (auth.anonymous()) continue;
      out[name] =
          auth.identityToken.empty()
              ? Json{{"username", auth.username}, {"password", auth.password}, {"serveraddress", name}}
              : Json{{"identitytoken", auth.identityToken}, {"serveraddress", name}};
    }
  }
  return encodeBase64Url(out.dump());
}

std::string encodeBase64Url(std::string_view bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE;
  std::string out(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), kVariant);
  out.pop_back();  // the terminating zero
  return out;
}

Result<std::string> decodeBase64(std::string_view text) {
  std::string out(text.size(), '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(),
                        "\r\n ", &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) {
    return Error{.kind = ErrorKind::Config,
                 .code = "docker/bad-config-file",
                 .message = "an `auth` in docker's config.json is not base64",
                 .hint = "log in again with `docker login`"};
  }
  out.resize(size);
  return out;
}

}  // namespace cairn::plugins::docker
