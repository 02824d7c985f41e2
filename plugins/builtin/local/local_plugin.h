#pragma once
// The plugin `local` as it is served and tested.

#include <cairn/plugin.h>

namespace cairn::plugins::local {

Plugin localPlugin();

}  // namespace cairn::plugins::local
