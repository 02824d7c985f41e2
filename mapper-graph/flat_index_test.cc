#include "mapper-graph/flat_index.h"
#include "mapper-graph/sort_ids.h"
#include "mapper-graph/type_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace cairn::graph {
namespace {

TEST(FlatIndex, FindsEachOfManyRowsAndNoOther) {
  FlatIndex index;
  std::vector<std::string> rows;
  const auto find = [&](const std::string& text) {
    return index.find(std::hash<std::string>()(text), [&](std::uint32_t row) { return rows[row] == text; });
  };
  for (std::uint32_t row = 0; row < 5000; ++row) {
    const std::string text = "row" + std::to_string(row);
    ASSERT_EQ(find(text), FlatIndex::kAbsent);
    rows.push_back(text);
    index.insert(std::hash<std::string>()(text), row);
  }
  for (std::uint32_t row = 0; row < rows.size(); ++row) ASSERT_EQ(find(rows[row]), row);
}

TEST(FlatIndex, TellsRowsOfOneHashApart) {
  FlatIndex index;
  for (std::uint32_t row = 0; row < 200; ++row) index.insert(42, row);
  for (std::uint32_t row = 0; row < 200; ++row) {
    ASSERT_EQ(index.find(42, [&](std::uint32_t other) { return other == row; }), row);
  }
  EXPECT_EQ(index.find(42, [](std::uint32_t) { return false; }), FlatIndex::kAbsent);
}

TEST(SortedById, IsTheOrderOfStrings) {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> ids;
    const std::size_t count = random() % 200;
    for (std::size_t i = 0; i < count; ++i) {
      std::string id(random() % 3 * 7, 'p');
      for (std::size_t letters = random() % 12; letters > 0; --letters) id += "ab\xff"[random() % 3];
      ids.push_back(std::move(id));
    }
    const auto rows = sortedById(ids.size(), [&](std::uint32_t row) { return std::string_view(ids[row]); });
    std::vector<std::string> sorted = ids, found;
    std::sort(sorted.begin(), sorted.end());
    for (const std::uint32_t row : rows) found.push_back(ids[row]);
    ASSERT_EQ(found, sorted);
  }
}

TEST(TypeTable, KeepsTheFirstRowOfAType) {
  TypeTable table;
  for (std::uint32_t row = 0; row < 5000; ++row) ASSERT_EQ(table.findOrAdd(row * 0x100000001ull, row), row);
  for (std::uint32_t row = 0; row < 5000; ++row) ASSERT_EQ(table.findOrAdd(row * 0x100000001ull, 9999), row);
}

}  // namespace
}  // namespace cairn::graph
