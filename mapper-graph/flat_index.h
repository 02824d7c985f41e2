#pragma once
// A hash table of row numbers: what a row stands for lies elsewhere, the caller compares. Private to this
// library.
//
// One array, probed in a line: with hundreds of thousands of rows that is several times as fast as a table of
// nodes.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace cairn::graph {

class FlatIndex {
 public:
  static constexpr std::uint32_t kAbsent = std::numeric_limits<std::uint32_t>::max();

  // The row with this hash for which `isIt(row)` holds, or kAbsent.
  template <typename IsIt>
  std::uint32_t find(std::uint64_t hash, const IsIt& isIt) const {
    if (slots_.empty()) return kAbsent;
    const std::uint32_t tag = tagOf(hash);
    for (std::size_t at = tag & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].row == kAbsent) return kAbsent;
      if (slots_[at].tag == tag && isIt(slots_[at].row)) return slots_[at].row;
    }
  }

  // Adds a row that find() doesn't know.
  void insert(std::uint64_t hash, std::uint32_t row) {
    if ((used_ + 1) * 2 > slots_.size()) grow(slots_.empty() ? 64 : slots_.size() * 2);
    place({tagOf(hash), row});
    ++used_;
  }

  // Makes room for so many rows.
  void reserve(std::size_t rows) {
    const std::size_t size = std::bit_ceil(std::max<std::size_t>(rows * 2, 64));
    if (size > slots_.size()) grow(size);
  }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t row = kAbsent;
  };

  // Spreads numbers that lie close together.
  static std::uint32_t tagOf(std::uint64_t hash) {
    return static_cast<std::uint32_t>((hash * 0x9e3779b97f4a7c15ull) >> 32);
  }

  void place(Slot slot) {
    std::size_t at = slot.tag & (slots_.size() - 1);
    while (slots_[at].row != kAbsent) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }

  void grow(std::size_t size) {
    std::vector<Slot> old(size);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.row != kAbsent) place(slot);
    }
  }

  std::vector<Slot> slots_;  // a power of two of them, at most half used
  std::size_t used_ = 0;
};

}  // namespace cairn::graph
