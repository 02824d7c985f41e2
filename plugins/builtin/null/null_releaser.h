#pragma once
// A releaser that remembers in a value which deployment serves.

#include "null_behaviour.h"

#include <cairn/types.capnp.h>

namespace cairn::plugins::null {

Result<Owned<Release>> release(const Call& call, Deployment::Reader deployment, Settings::Reader settings);
Result<void> destroyRelease(const Call& call, Release::Reader release, Settings::Reader settings);
Result<Owned<wire::Status>> releaseStatus(const Call& call, Release::Reader release,
                                          Settings::Reader settings);

}  // namespace cairn::plugins::null
