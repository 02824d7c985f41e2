#include "cli/output/masker.h"

#include <algorithm>

namespace cairn::cli {

namespace {

constexpr size_t kShortest = 4;
constexpr size_t kShortestFound = 8;
constexpr std::string_view kMask = "••••••";

void replaceAll(std::string& text, const std::string& secret) {
  for (size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + kMask.size())) {
    text.replace(at, secret.size(), kMask);
  }
}

}  // namespace

void Masker::add(std::string_view secret) {
  std::lock_guard lock(mutex_);
  auto remember = [this](std::string_view part) {
    if (part.size() < kShortest || std::find(secrets_.begin(), secrets_.end(), part) != secrets_.end())
      return;
    secrets_.emplace_back(part);
  };
  remember(secret);
  for (size_t start = 0; start < secret.size();) {
    size_t end = std::min(secret.find_first_of("\r\n", start), secret.size());
    remember(secret.substr(start, end - start));
    start = end + 1;
  }
  std::sort(secrets_.begin(), secrets_.end(), [](auto& a, auto& b) { return a.size() > b.size(); });
}

std::string Masker::mask(std::string_view text) const {
  std::string out(text);
  std::lock_guard lock(mutex_);
  for (const std::string& secret : secrets_) replaceAll(out, secret);
  return out;
}

bool Masker::finds(std::string_view text) const {
  std::lock_guard lock(mutex_);
  return std::any_of(secrets_.begin(), secrets_.end(), [&](const std::string& secret) {
    return secret.size() >= kShortestFound && text.find(secret) != std::string_view::npos;
  });
}

std::size_t Masker::safeCut(std::string_view text) const {
  std::lock_guard lock(mutex_);
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    size_t step = 1;
    for (const std::string& secret : secrets_) {
      if (secret[0] != rest[0]) continue;
      if (rest.size() < secret.size() && std::string_view(secret).substr(0, rest.size()) == rest) return at;
      if (rest.substr(0, secret.size()) == secret) step = std::max(step, secret.size());
    }
    at += step;
  }
  return text.size();
}

}  // namespace cairn::cli
