#pragma once
// What a plugin prints: cut into lines as it comes, its tail kept for the error that may follow.

#include <kj/async-io.h>
#include <kj/function.h>

#include <deque>
#include <functional>
#include <string>
#include <string_view>

namespace cairn::host {

// The last lines of both streams, at most 40 and 64 KiB.
class OutputTail {
 public:
  void add(std::string line);
  std::string text() const;  // one string, lines ended by '\n'
  bool empty() const { return lines_.empty(); }

 private:
  std::deque<std::string> lines_;
  std::size_t bytes_ = 0;
};

// How much of the beginning of a text can be told by itself: of a secret that may go on behind the text's end
// nothing is.
using SafeCut = std::function<std::size_t(std::string_view text)>;

// Reads `stream` to its end and gives each line, without its end, to `take`. A line longer than 64 KiB is
// given in pieces, cut by `cut` where there is one.
kj::Promise<void> readLines(kj::AsyncInputStream& stream, SafeCut cut, kj::Function<void(std::string)> take);

}  // namespace cairn::host
