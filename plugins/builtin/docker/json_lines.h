#pragma once
// The engine's answer to a build, push, pull or load: a JSON object a line, while it works.

#include <cairn/base/result.h>

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace cairn::plugins::docker {

// Takes bytes as they come. The first object that tells of an error ends it: such a line arrives behind a
// status of 200.
class JsonLines {
 public:
  using Take = std::function<void(const nlohmann::json&)>;
  explicit JsonLines(Take take) : take_(std::move(take)) {}

  void feed(std::string_view bytes);
  // What the engine said went wrong; empty where nothing did.
  const std::string& error() const { return error_; }
  // Reads a last line that has no end.
  void finish() { feed("\n"); }

 private:
  void takeLine(std::string_view line);

  Take take_;
  std::string partial_;
  std::string error_;
};

}  // namespace cairn::plugins::docker
