#include "registry_auth.h"

#include "credential_helper.h"
#include "json_fields.h"

#include <sodium.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <set>

namespace cairn::plugins::docker {
namespace {

using Json = nlohmann::json;

constexpr const char* kHubKey = "https://index.docker.io/v1/";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
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
std::string_view hostOf(std::string_view key) {
  for (std::string_view scheme : {"https://", "http://"}) {
    if (key.substr(0, scheme.size()) == scheme) key.remove_prefix(scheme.size());
  }
  return key.substr(0, key.find('/'));
}

// What `config` says of `registry`, which it calls `key`.
Result<RegistryAuth> findIn(const Json& config, std::string_view registry, const std::string& key,
                            CredentialHelpers& helpers) {
  const std::string own = textAt(objectAt(config, "credHelpers"), key.c_str());
  const std::string helper = own.empty() ? textAt(config, "credsStore") : own;
  if (!helper.empty()) {
    RegistryAuth auth = CAIRN_TRY(helpers.get(helper, key));
    if (!auth.anonymous()) return auth;
  }
  const Json& auths = objectAt(config, "auths");
  if (auto exact = auths.find(key); exact != auths.end()) return authFromEntry(*exact, key);
  for (const auto& [name, entry] : auths.items()) {
    if (hostOf(name) == registry) return authFromEntry(entry, name);
  }
  return RegistryAuth{};
}

std::set<std::string> namesIn(const Json& config) {
  std::set<std::string> out;
  for (const char* table : {"auths", "credHelpers"}) {
    for (const auto& entry : objectAt(config, table).items()) out.insert(entry.key());
  }
  return out;
}

Json authJson(const RegistryAuth& auth) {
  if (!auth.identityToken.empty())
    return {{"identitytoken", auth.identityToken}, {"serveraddress", auth.server}};
  if (auth.username.empty()) return Json::object();
  return {{"username", auth.username}, {"password", auth.password}, {"serveraddress", auth.server}};
}

}  // namespace

std::filesystem::path dockerConfigFolder() {
  if (std::string folder = environment("DOCKER_CONFIG"); !folder.empty()) return folder;
  if (std::string home = environment("HOME"); !home.empty()) return std::filesystem::path(home) / ".docker";
  return {};
}

Result<RegistryAuth> findRegistryAuth(const std::filesystem::path& folder, std::string_view registry,
                                      int cancelFd) {
  CredentialHelpers helpers(cancelFd);
  return findIn(CAIRN_TRY(readConfig(folder)), registry, configKey(registry), helpers);
}

Result<RegistryAuth> registryAuthFor(std::string_view registry, std::string_view username,
                                     std::string_view password, int cancelFd) {
  if (!username.empty())
    return RegistryAuth{std::string(username), std::string(password), {}, configKey(registry)};
  return findRegistryAuth(dockerConfigFolder(), registry, cancelFd);
}

Result<std::string> encodeRegistryAuth(const RegistryAuth& auth) {
  return encodeBase64Url(CAIRN_TRY(jsonText(authJson(auth))));
}

Result<std::string> encodeRegistryConfig(const std::filesystem::path& folder, CredentialHelpers& helpers,
                                         const std::function<void(const std::string&)>& warn) {
  const Json config = CAIRN_TRY(readConfig(folder));
  Json out = Json::object();
  auto leftOut = [&](const std::string& what, const Error& why) {
    warn(what + " is not known to the build: " + why.message);
  };
  std::set<std::string> names = namesIn(config);
  if (const std::string store = textAt(config, "credsStore"); !store.empty()) {
    auto known = helpers.list(store);
    if (!known && known.error().kind == ErrorKind::Cancelled) return std::move(known).error();
    if (known)
      names.insert(known->begin(), known->end());
    else
      leftOut("who we are at registries", known.error());
  }
  for (const std::string& name : names) {
    auto auth = findIn(config, hostOf(name), name, helpers);
    if (!auth && auth.error().kind == ErrorKind::Cancelled) return std::move(auth).error();
    const auto sendable = auth ? jsonText(authJson(*auth)) : Result<std::string>(auth.error());
    if (!sendable) {
      leftOut("who we are at " + name, sendable.error());
    } else if (!auth->anonymous()) {
      auth->server = name;
      out[name] = authJson(*auth);
    }
  }
  return encodeBase64Url(CAIRN_TRY(jsonText(out)));
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
