#pragma once
// Collects types and mappers, then freezes them into a graph. Of one thread.

#include <cairn/base/result.h>
#include <cairn/graph/mapper.h>

#include <cstddef>
#include <memory>
#include <span>

namespace cairn::graph {

class MapperGraph;

class GraphBuilder {
 public:
  GraphBuilder();
  ~GraphBuilder();
  GraphBuilder(GraphBuilder&&) noexcept;
  GraphBuilder& operator=(GraphBuilder&&) noexcept;

  // Says how many are about to be added, which saves time where there are many.
  void expect(std::size_t types, std::size_t mappers);

  // Gives a type its name. Saying the same again is fine. A type that only mappers mention is shown by its
  // number.
  //
  // Errors: type-conflict for a name with two ids or an id with two names.
  Result<void> addType(const TypeRef& type);

  // Errors: duplicate-mapper for an id that is taken; bad-mapper for one without id or inputs, with a cost or
  // effects out of range or with two inputs of one type and one role.
  Result<void> addMapper(const MapperSpec& mapper);

  // The same for many, which is faster than one by one. What stands before a wrong one is added.
  Result<void> addTypes(std::span<const TypeRef> types);
  Result<void> addMappers(std::span<const MapperSpec> mappers);

  // The graph of all that was added, in an order that doesn't depend on the order of adding. The builder is
  // used up. Of 20,000 mappers and more a second thread, which ends before this does, sorts the ids.
  std::shared_ptr<const MapperGraph> build() &&;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cairn::graph
