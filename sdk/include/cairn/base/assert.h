#pragma once
// Ends the program with a message where an invariant of our own code is false. Never for input.

#include <cstdio>
#include <cstdlib>

#define CAIRN_ASSERT(condition)                                                            \
  do {                                                                                     \
    if (!(condition)) {                                                                    \
      std::fprintf(stderr, "%s:%d: bug: '%s' is false\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                        \
    }                                                                                      \
  } while (false)
