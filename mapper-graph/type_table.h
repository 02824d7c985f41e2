#pragma once
// Where each type's row is, by its id. Private to this library.
//
// Ids lie in the table itself, so that a look-up reads one place of memory; who has many to make asks for the
// next ones ahead.

#include <cairn/graph/mapper.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace cairn::graph {

class TypeTable {
 public:
  // The row of `type`; `row` from now on, where it had none.
  std::uint32_t findOrAdd(TypeId type, std::uint32_t row) {
    if ((used_ + 1) * 8 > slots_.size() * 5) grow(slots_.empty() ? 64 : slots_.size() * 2);
    Slot& slot = slots_[placeOf(type)];
    if (slot.row == kFree) {
      slot = {type, row};
      ++used_;
    }
    return slot.row;
  }

  // Brings the place where `type` is near to the processor. Not inlined, it is a function without effects for
  // GCC, which leaves out its calls.
  [[gnu::always_inline]] void expect(TypeId type) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[homeOf(type)]);
  }

  // Makes room for so many types.
  void reserve(std::size_t types) {
    const std::size_t size = std::bit_ceil(std::max<std::size_t>(types * 8 / 5 + 1, 64));
    if (size > slots_.size()) grow(size);
  }

 private:
  static constexpr std::uint32_t kFree = std::numeric_limits<std::uint32_t>::max();
  struct Slot {
    TypeId type = 0;
    std::uint32_t row = kFree;
  };

  std::size_t homeOf(TypeId type) const {
    return static_cast<std::size_t>((type * 0x9e3779b97f4a7c15ull) >> 32) & (slots_.size() - 1);
  }

  std::size_t placeOf(TypeId type) const {
    std::size_t at = homeOf(type);
    while (slots_[at].row != kFree && slots_[at].type != type) at = (at + 1) & (slots_.size() - 1);
    return at;
  }

  void grow(std::size_t size) {
    std::vector<Slot> old(size);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.row != kFree) slots_[placeOf(slot.type)] = slot;
    }
  }

  std::vector<Slot> slots_;  // a power of two of them, at most five of eight used
  std::size_t used_ = 0;
};

}  // namespace cairn::graph
