#include "proxy_succession.h"

namespace cairn::plugins::docker {
namespace {

constexpr unsigned kStopSeconds = 5;

}  // namespace

std::string successorOf(const std::string& name) {
  return name + "-next";
}

Result<void> settleSuccession(const Engine& engine, const std::string& name) {
  const auto next = CAIRN_TRY(findContainer(engine, successorOf(name)));
  if (!next) return {};
  const auto old = CAIRN_TRY(findContainer(engine, name));
  if (!old) return renameContainer(engine, next->id, name);
  // They have the same port.
  CAIRN_TRY(stopContainer(engine, next->id, kStopSeconds));
  if (!old->running) CAIRN_TRY(startContainer(engine, old->id));
  return removeContainer(engine, next->id, 0);
}

Result<void> finishSuccession(const Engine& engine, const std::string& name) {
  CAIRN_TRY(removeContainer(engine, name, 0));
  return renameContainer(engine, successorOf(name), name);
}

}  // namespace cairn::plugins::docker
