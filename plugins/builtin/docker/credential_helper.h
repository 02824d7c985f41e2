#pragma once
// docker-credential-<name>: a program that keeps passwords for docker.

#include "registry_auth.h"

namespace cairn::plugins::docker {

// Runs `docker-credential-<helper> get` and gives it `key` on stdin. Anonymous where it knows none.
//
// Errors: Failed "docker/credential-helper" with what the program said.
Result<RegistryAuth> askCredentialHelper(const std::string& helper, const std::string& key);

}  // namespace cairn::plugins::docker
