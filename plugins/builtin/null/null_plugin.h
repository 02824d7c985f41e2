#pragma once

#include <cairn/plugin.h>

namespace cairn::plugins::null {

Plugin plugin();

}  // namespace cairn::plugins::null
