#pragma once
// What a node with ${…} says, as far as it can be said now: to tell whether it still says the same.

#include "host/project/scope.h"
#include "host/project/settings_node.h"

#include <string>

namespace cairn::host {

// Two nodes of the same essence do the same for every value of what is not known in `scope`. What is known
// stands there as what it is worth, however deep in an expression; what is not, and what is secret, as its
// name.
std::string essenceOfNode(const SettingsNode& node, const Scope& scope);

}  // namespace cairn::host
