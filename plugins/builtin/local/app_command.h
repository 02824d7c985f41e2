#pragma once
// What is run, and with which environment.

#include <cairn/base/result.h>
#include <cairn/types.capnp.h>
#include <local/local.capnp.h>

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::plugins::local {

// The command's program as an absolute path: a plain name is looked up in `searchPath`, a relative path in
// `files`. Errors: local/command-not-found, also for what is there but can't be executed.
Result<std::string> resolveProgram(const std::string& program, const std::filesystem::path& files,
                                   const std::string& searchPath);

// PATH, HOME and LANG as the user has them,
// then the settings' `env`, then what the host gives, the later one
// winning; PORT always is `port`.
std::vector<std::pair<std::string, std::string>> appEnvironment(wire::PlatformSettings::Reader settings,
                                                                cairn::wire::DeploymentConfig::Reader config,
                                                                std::uint16_t port);

// As cairn-supervise reads it: KEY=VALUE, each ended by a zero byte.
std::string environmentBytes(const std::vector<std::pair<std::string, std::string>>& environment);

// The PATH that is in `environment`.
std::string searchPathOf(const std::vector<std::pair<std::string, std::string>>& environment);

// local/bad-setting for each name in `env` that no environment can hold.
std::vector<Error> checkEnvironmentNames(wire::PlatformSettings::Reader settings);

}  // namespace cairn::plugins::local
