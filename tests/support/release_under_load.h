#pragma once
// What holds for every platform: an app's release is switched to a new deployment and back while it is used,
// and no request is lost.

#include "tests/support/cairn_house.h"

namespace cairn::testing {

// The app `web` is released and answers "one" from `greetingFile`. Deploys it again with "two", then rolls
// back.
void expectNoRequestIsLost(CairnHouse& house, const std::string& greetingFile);

}  // namespace cairn::testing
