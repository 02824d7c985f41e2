#pragma once
// Sorts many ids that begin alike. Private to this library.
//
// Eight letters of an id are a number: a radix sort of those, and again within each run of equal ones, reads
// each id once or twice where a sort by comparison reads it twenty times.

#include <boost/sort/spreadsort/spreadsort.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace cairn::graph {

struct IdKey {
  std::uint64_t letters;
  std::uint32_t row;
};

// The eight letters of `id` from `at` on, the first weighing most; past its end there are zeros.
inline std::uint64_t lettersOf(std::string_view id, std::size_t at) {
  if (at >= id.size()) return 0;
  std::uint64_t letters = 0;
  if (id.size() >= sizeof letters) {
    const std::size_t from = std::min(at, id.size() - sizeof letters);
    std::memcpy(&letters, id.data() + from, sizeof letters);
    if (std::endian::native == std::endian::little) letters = __builtin_bswap64(letters);
    return letters << (at - from) * 8;
  }
  for (std::size_t i = at; i < at + 8; ++i) {
    letters = letters << 8 | (i < id.size() ? static_cast<unsigned char>(id[i]) : 0u);
  }
  return letters;
}

// How many letters both begin with, `most` at most.
inline std::size_t sharedStart(std::string_view a, std::string_view b, std::size_t most) {
  most = std::min({most, a.size(), b.size()});
  for (std::size_t at = 0; at < most; at += 8) {
    const std::uint64_t difference = lettersOf(a, at) ^ lettersOf(b, at);
    if (difference != 0)
      return std::min(most, at + static_cast<std::size_t>(std::countl_zero(difference)) / 8);
  }
  return most;
}

// The rows 0 to count-1 in the order of their ids, as strings compare. idOf(row) is a string_view.
template <typename IdOf>
std::vector<std::uint32_t> sortedById(std::size_t count, const IdOf& idOf) {
  struct Run {
    std::size_t begin, end;
  };
  std::vector<IdKey> keys(count);
  for (std::uint32_t row = 0; row < count; ++row) keys[row].row = row;
  std::vector<Run> todo{{0, count}};
  const auto byId = [&](const IdKey& a, const IdKey& b) { return idOf(a.row) < idOf(b.row); };
  while (!todo.empty()) {
    const Run run = todo.back();
    todo.pop_back();
    const auto begin = keys.begin() + static_cast<std::ptrdiff_t>(run.begin);
    const auto end = keys.begin() + static_cast<std::ptrdiff_t>(run.end);
    if (run.end - run.begin < 2) continue;
    std::size_t depth = idOf(begin->row).size();
    for (auto key = begin + 1; key != end; ++key) {
      depth = sharedStart(idOf(begin->row), idOf(key->row), depth);
    }
    if (run.end - run.begin < 16) {
      std::sort(begin, end, byId);
      continue;
    }
    bool isSorted = true;
    for (auto key = begin; key != end; ++key) {
      key->letters = lettersOf(idOf(key->row), depth);
      isSorted = isSorted && (key == begin || (key - 1)->letters <= key->letters);
    }
    if (!isSorted) {
      boost::sort::spreadsort::integer_sort(
          begin, end, [](const IdKey& key, unsigned shift) { return key.letters >> shift; },
          [](const IdKey& a, const IdKey& b) { return a.letters < b.letters; });
    }
    for (std::size_t from = run.begin, to = from; from < run.end; from = to) {
      while (to < run.end && keys[to].letters == keys[from].letters) ++to;
      const bool stuck = to - from == run.end - run.begin;
      if (stuck) {  // they differ in zeros at their ends alone
        std::sort(begin, end, byId);
      } else if (to - from > 1) {
        todo.push_back({from, to});
      }
    }
  }
  std::vector<std::uint32_t> rows;
  rows.reserve(count);
  for (const IdKey& key : keys) rows.push_back(key.row);
  return rows;
}

}  // namespace cairn::graph
