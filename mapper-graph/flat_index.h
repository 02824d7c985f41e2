#pragma once
// A hash table of row numbers: what a row stands for lies elsewhere, the caller compares. Private to this
// library.
//
// A byte of each slot's hash lies apart from the slots, eight bytes to a group: whether something is *not*
// there, the usual answer while a graph is built, is seen in one small number, without a look at the slots.

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
    if (groups_.empty()) return kAbsent;
    const std::uint32_t spread = spreadOf(hash);
    for (std::size_t group = homeOf(spread);; group = nextOf(group)) {
      std::uint64_t hits = zeroBytes(groups_[group] ^ kOnes * tagOf(spread));
      for (; hits != 0; hits &= hits - 1) {
        const Slot slot = slots_[group * kGroup + static_cast<std::size_t>(std::countr_zero(hits)) / 8];
        if (slot.hash == spread && isIt(slot.row)) return slot.row;
      }
      if (zeroBytes(groups_[group]) != 0) return kAbsent;
    }
  }

  // Adds a row that find() doesn't know.
  void insert(std::uint64_t hash, std::uint32_t row) {
    if ((used_ + 1) * 8 > slots_.size() * 5) grow(slots_.empty() ? 64 : slots_.size() * 2);
    place({spreadOf(hash), row});
    ++used_;
  }

  // Brings the place where this hash is looked for near to the processor. Not inlined, it is a function
  // without effects for GCC, which leaves out its calls.
  [[gnu::always_inline]] void expect(std::uint64_t hash) const {
    if (groups_.empty()) return;
    const std::size_t home = homeOf(spreadOf(hash));
    __builtin_prefetch(&groups_[home]);
    __builtin_prefetch(&slots_[home * kGroup]);
  }

  // Makes room for so many rows.
  void reserve(std::size_t rows) {
    const std::size_t size = std::bit_ceil(std::max<std::size_t>(rows * 8 / 5 + 1, 64));
    if (size > slots_.size()) grow(size);
  }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t row = kAbsent;
  };
  static constexpr std::size_t kGroup = 8;
  static constexpr std::uint64_t kOnes = 0x0101010101010101;

  static std::uint32_t spreadOf(std::uint64_t hash) {
    return static_cast<std::uint32_t>((hash * 0x9e3779b97f4a7c15ull) >> 32);
  }
  // Never 0, which marks a free slot.
  static std::uint64_t tagOf(std::uint32_t spread) { return spread >> 25 | 0x80; }

  // The top bit of each byte that is 0; bits above the lowest of them may be set wrongly, but only where a
  // byte is 1, which is no free slot's.
  static std::uint64_t zeroBytes(std::uint64_t bytes) { return (bytes - kOnes) & ~bytes & (kOnes * 0x80); }

  std::size_t homeOf(std::uint32_t spread) const { return spread & (groups_.size() - 1); }
  std::size_t nextOf(std::size_t group) const { return (group + 1) & (groups_.size() - 1); }

  void place(Slot slot) {
    std::size_t group = homeOf(slot.hash);
    while (zeroBytes(groups_[group]) == 0) group = nextOf(group);
    const auto shift = static_cast<unsigned>(std::countr_zero(zeroBytes(groups_[group]))) / 8 * 8;
    groups_[group] |= tagOf(slot.hash) << shift;
    slots_[group * kGroup + shift / 8] = slot;
  }

  void grow(std::size_t size) {
    std::vector<Slot> old(size);
    old.swap(slots_);
    groups_.assign(size / kGroup, 0);
    for (const Slot& slot : old) {
      if (slot.row != kAbsent) place(slot);
    }
  }

  std::vector<std::uint64_t>
      groups_;               // a power of two of them; a byte of each is a slot's tag, 0 if it is free
  std::vector<Slot> slots_;  // at most five of eight used
  std::size_t used_ = 0;
};

}  // namespace cairn::graph
