#pragma once
// docker-credential-<name>: a program that keeps passwords for docker.

#include "registry_auth.h"

#include <vector>

namespace cairn::plugins::docker {

// Runs `docker-credential-<helper> get` and gives it `key` on stdin. Anonymous where it knows none. A helper
// may ask the user for a passphrase: it has two minutes, and is killed then or when `cancelFd` becomes
// readable.
//
// Errors: Failed "docker/credential-helper" with what the program said; Cancelled.
Result<RegistryAuth> askCredentialHelper(const std::string& helper, const std::string& key, int cancelFd);

// Runs `docker-credential-<helper> list`: the keys that it knows. Errors as above.
Result<std::vector<std::string>> listCredentials(const std::string& helper, int cancelFd);

}  // namespace cairn::plugins::docker
