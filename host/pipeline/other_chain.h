#pragma once
// Which chain would do where a mapper has refused to convert a value.

#include <cairn/graph/mapper_graph.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>

namespace cairn::host {

// The questions that the chains of a plan answer, kept for the case that one of them comes to nothing.
class ChainQuestions {
 public:
  // `stage` and `input` as the plan counts them.
  void add(const std::string& app, int stage, unsigned input, std::shared_ptr<const graph::MapperGraph> graph,
           graph::Query query);

  // What to do where `mapper` refused: the best chain without it, and the line of [mappers] that takes it; or
  // that there is none.
  std::string adviceWithout(const std::string& mapper, const std::string& app, int stage,
                            unsigned input) const;

 private:
  struct Question {
    std::shared_ptr<const graph::MapperGraph> graph;
    graph::Query query;
  };
  std::map<std::tuple<std::string, int, unsigned>, Question> questions_;
};

}  // namespace cairn::host
