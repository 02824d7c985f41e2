#pragma once
// What the fault plugin is before a fault is put into it: a builder, a platform and a releaser.

#include <cairn/plugin.h>

namespace cairn::fault {

// `fault` is one that the plugin's functions commit by themselves, through the SDK; all other words mean
// none.
Plugin wellBehaved(const std::string& name, const std::string& fault);

}  // namespace cairn::fault
