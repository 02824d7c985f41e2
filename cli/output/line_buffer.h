#pragma once
// Makes whole lines of output that arrives in arbitrary pieces.

#include "cli/output/masker.h"

#include <string>
#include <string_view>
#include <vector>

namespace cairn::cli {

class LineBuffer {
 public:
  // The lines that `bytes` has completed, without their ends. Of a line that was rewritten with carriage
  // returns (a progress bar) only its last state is kept.
  // A line that is too long is given in pieces, and none of `masker`'s secrets is cut by that.
  std::vector<std::string> feed(std::string_view bytes, const Masker& masker);
  // What is left without an end of line; empty when there is nothing.
  std::string rest();

 private:
  std::string partial_;
};

}  // namespace cairn::cli
