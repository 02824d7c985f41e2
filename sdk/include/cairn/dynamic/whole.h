#pragma once
// Whether a message that lay about, in a file or a database, can be read to its last field.

#include <capnp/dynamic.h>

namespace cairn {

// Reads all that the schema knows of, once. Cap'n Proto looks at a pointer only when it is followed: damage
// is told here, and not in the middle of some work.
//
// Costs as many steps as the reader's traversal limit allows at most: give it one that fits the message's
// size.
//
// Throws kj::Exception where a pointer, a list or a text is none.
void readWhole(capnp::DynamicStruct::Reader message);

}  // namespace cairn
