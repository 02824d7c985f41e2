#pragma once
// docker-credential-<name>: a program that keeps passwords for docker.

#include "registry_auth.h"

#include <chrono>
#include <set>
#include <vector>

namespace cairn::plugins::docker {

// How long helpers are waited for: one may ask the user for a passphrase.
struct HelperPatience {
  std::chrono::milliseconds each = std::chrono::minutes(2);  // one answer
  std::chrono::milliseconds all = std::chrono::minutes(3);   // all answers of one CredentialHelpers together
};

// Asks helpers, one question after the other. One that once did not answer in time is not asked again. A
// helper is killed when its time is over or `cancelFd` becomes readable; what it started itself ends with the
// plugin.
//
// Errors: Failed "docker/credential-helper" with what the program said; Cancelled.
class CredentialHelpers {
 public:
  explicit CredentialHelpers(int cancelFd, HelperPatience patience = {});

  // Runs `docker-credential-<helper> get` and gives it `key` on stdin. Anonymous where it knows none.
  Result<RegistryAuth> get(const std::string& helper, const std::string& key);

  // Runs `docker-credential-<helper> list`: the keys that it knows.
  Result<std::vector<std::string>> list(const std::string& helper);

 private:
  struct Answer {
    int status = 0;
    std::string text;
  };
  Result<Answer> run(const std::string& program, const char* verb, const std::string& input);

  int cancelFd_;
  HelperPatience patience_;
  std::chrono::milliseconds spent_{0};
  std::set<std::string> silent_;  // programs that did not answer in time
};

}  // namespace cairn::plugins::docker
