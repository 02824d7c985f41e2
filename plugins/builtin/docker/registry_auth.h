#pragma once
// Who we are at a registry: from the settings, else from what `docker login` wrote down.
//
// config.json is asked as the docker CLI asks it: credHelpers, then credsStore, then auths. A helper that
// knows nothing, like a missing file, means anonymous.

#include <cairn/base/result.h>

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace cairn::plugins::docker {

class CredentialHelpers;

struct RegistryAuth {
  std::string username;
  std::string password;
  std::string identityToken;  // instead of name and password
  std::string server;

  bool anonymous() const { return username.empty() && identityToken.empty(); }
};

// $DOCKER_CONFIG, else $HOME/.docker; empty where neither is set.
std::filesystem::path dockerConfigFolder();

// What `folder`/config.json says about `registry` ("docker.io" for the hub).
//
// Errors: Config "docker/bad-config-file" when the file can't be read as JSON; Failed
// "docker/credential-helper"; Cancelled through `cancelFd` while a helper is asked.
Result<RegistryAuth> findRegistryAuth(const std::filesystem::path& folder, std::string_view registry,
                                      int cancelFd = -1);

// `username` and `password` where they are set, else findRegistryAuth() in the user's own folder.
Result<RegistryAuth> registryAuthFor(std::string_view registry, std::string_view username,
                                     std::string_view password, int cancelFd);

// The value of X-Registry-Auth; anonymous is an empty object, which the engine insists on.
Result<std::string> encodeRegistryAuth(const RegistryAuth& auth);

// The value of X-Registry-Config for a build, whose Dockerfile may name any registry: who we are at each that
// `folder`/config.json or the helpers it names know. One that can't be told is left out, and `warn` is told
// why: most builds need none of them.
Result<std::string> encodeRegistryConfig(const std::filesystem::path& folder, CredentialHelpers& helpers,
                                         const std::function<void(const std::string&)>& warn);

std::string encodeBase64Url(std::string_view bytes);  // with padding
Result<std::string> decodeBase64(std::string_view text);

}  // namespace cairn::plugins::docker
