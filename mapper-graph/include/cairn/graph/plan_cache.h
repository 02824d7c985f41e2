#pragma once
// Remembers answers of one graph, those that say "there is none" too.
//
// May be used from several threads at once; two that ask the same at the same time may both search.

#include <cairn/base/result.h>
#include <cairn/graph/mapper_graph.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace cairn::graph {

class PlanCache {
 public:
  // Holds up to `limit` answers; a further one drops them all.
  explicit PlanCache(std::size_t limit = 4096);

  // graph->derive(query), or what it answered before. Asking another graph drops what the last one said. The
  // answer stays valid as long as it is held.
  std::shared_ptr<const Result<Derivation>> derive(const std::shared_ptr<const MapperGraph>& graph,
                                                   const Query& query);

 private:
  const std::size_t limit_;
  std::mutex mutex_;
  std::shared_ptr<const MapperGraph> graph_;  // held, so that no new graph can have its address
  std::unordered_map<std::string, std::shared_ptr<const Result<Derivation>>> answers_;
};

}  // namespace cairn::graph
