#include <cairn/graph/plan_cache.h>

namespace cairn::graph {
namespace {

// Writes each part with its length before it, so that no two queries have one key.
class Key {
 public:
  explicit Key(const Query& query) {
    number(query.wanted);
    number((query.fromMain ? 1 : 0) | static_cast<std::uint64_t>(query.policy) << 1);
    number(query.available.size());
    for (const Available& value : query.available) {
      number(value.type);
      number(value.main ? 1 : 0);
      text(value.label);  // an answer's words name it
      text(value.role);
      texts(value.passed);
    }
    texts(query.gates);
    texts(query.endpoints);
    for (const auto* selectors : {&query.pin, &query.forbid, &query.prefer}) {
      number(selectors->size());
      for (const Selector& selector : *selectors) {
        number(static_cast<std::uint64_t>(selector.kind));
        text(selector.name);
      }
    }
  }

  std::string take() { return std::move(key_); }

 private:
  void number(std::uint64_t n) { key_.append(reinterpret_cast<const char*>(&n), sizeof n); }
  void text(const std::string& s) {
    number(s.size());
    key_ += s;
  }
  void texts(const std::vector<std::string>& all) {
    number(all.size());
    for (const std::string& s : all) text(s);
  }

  std::string key_;
};

}  // namespace

PlanCache::PlanCache(std::size_t limit) : limit_(limit) {}

std::shared_ptr<const Result<Derivation>> PlanCache::derive(const std::shared_ptr<const MapperGraph>& graph,
                                                            const Query& query) {
  std::string key = Key(query).take();
  {
    const std::lock_guard lock(mutex_);
    if (graph_ != graph) {
      answers_.clear();
      graph_ = graph;
    }
    if (const auto known = answers_.find(key); known != answers_.end()) return known->second;
  }
  auto answer = std::make_shared<const Result<Derivation>>(graph->derive(query));
  const std::lock_guard lock(mutex_);
  if (graph_ != graph) return answer;
  if (answers_.size() >= limit_) answers_.clear();
  return answers_.emplace(std::move(key), std::move(answer)).first->second;
}

}  // namespace cairn::graph
