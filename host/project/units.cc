#include "host/project/units.h"

#include <cctype>
#include <charconv>
#include <cmath>
#include <utility>

namespace cairn::host {
namespace {

constexpr std::pair<std::string_view, std::int64_t> kDurations[] = {
    {"d", 86'400'000'000'000},
    {"h", 3'600'000'000'000},
    {"m", 60'000'000'000},
    {"s", 1'000'000'000},
    {"ms", 1'000'000},
    {"us", 1'000},
    {"ns", 1},
};

constexpr std::pair<std::string_view, std::uint64_t> kSizes[] = {
    {"", 1},
    {"b", 1},
    {"kb", 1'000},
    {"mb", 1'000'000},
    {"gb", 1'000'000'000},
    {"tb", 1'000'000'000'000},
    {"k", 1ull << 10},
    {"m", 1ull << 20},
    {"g", 1ull << 30},
    {"t", 1ull << 40},
    {"kib", 1ull << 10},
    {"mib", 1ull << 20},
    {"gib", 1ull << 30},
    {"tib", 1ull << 40},
};

void skipSpace(std::string_view& text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
}

// The number in front, which is taken off; negative where there is none.
double takeNumber(std::string_view& text) {
  double number = -1;
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text.front())) == 0) return -1;
  const auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (problem != std::errc()) return -1;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::string takeUnit(std::string_view& text) {
  std::string unit;
  while (!text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0) {
    unit += static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
    text.remove_prefix(1);
  }
  return unit;
}

template <typename Table>
auto factorOf(const Table& table, std::string_view unit) {
  for (const auto& [name, factor] : table) {
    if (name == unit) return factor;
  }
  return decltype(table[0].second)(0);
}

}  // namespace

std::optional<std::int64_t> parseDuration(std::string_view text) {
  double total = 0;
  skipSpace(text);
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    const double number = takeNumber(text);
    const std::int64_t factor = factorOf(kDurations, takeUnit(text));
    if (number < 0 || factor == 0) return std::nullopt;
    total += number * static_cast<double>(factor);
    skipSpace(text);
  }
  if (!(total < 9.2e18)) return std::nullopt;
  return std::llround(total);
}

std::optional<std::uint64_t> parseSize(std::string_view text) {
  skipSpace(text);
  const double number = takeNumber(text);
  skipSpace(text);
  const std::uint64_t factor = factorOf(kSizes, takeUnit(text));
  skipSpace(text);
  if (number < 0 || factor == 0 || !text.empty()) return std::nullopt;
  const double total = number * static_cast<double>(factor);
  if (!(total < 1.8e19)) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(total));
}

std::string durationText(std::int64_t nanoseconds) {
  std::string out;
  for (const auto& [name, factor] : kDurations) {
    if (nanoseconds < factor) continue;
    out += std::to_string(nanoseconds / factor) + std::string(name);
    nanoseconds %= factor;
  }
  return out.empty() ? "0s" : out;
}

std::string sizeText(std::uint64_t bytes) {
  static constexpr std::pair<std::string_view, int> kUnits[] = {
      {"TiB", 40}, {"GiB", 30}, {"MiB", 20}, {"KiB", 10}};
  for (const auto& [name, shift] : kUnits) {
    const std::uint64_t unit = 1ull << shift;
    if (bytes >= unit && bytes % unit == 0) return std::to_string(bytes >> shift) + std::string(name);
  }
  return std::to_string(bytes);
}

}  // namespace cairn::host
