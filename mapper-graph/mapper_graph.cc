#include <cairn/graph/mapper_graph.h>

#include "mapper-graph/derive.h"

#include <algorithm>

namespace cairn::graph {
namespace {

std::vector<std::string> namesOf(const GraphData& data, const std::vector<std::uint32_t>& gates) {
  std::vector<std::string> out;
  for (const std::uint32_t gate : gates) out.push_back(data.gateNames[gate]);
  return out;
}

Error toError(const Diagnosis& diagnosis) {
  using Cause = Diagnosis::Cause;
  const bool gate = diagnosis.cause == Cause::GateNotPassed || diagnosis.cause == Cause::GateUnknown;
  Error error{.kind = gate ? ErrorKind::Refused : ErrorKind::Config,
              .code = gate ? "gate-not-passed" : "no-chain",
              .message = diagnosis.message(),
              .hint = diagnosis.hint(),
              .detail = diagnosis.detail()};
  if (diagnosis.cause == Cause::TooManyGates) error.code = "too-many-gates";
  return error;
}

}  // namespace

MapperGraph::MapperGraph(std::unique_ptr<const GraphData> data) : data_(std::move(data)) {}
MapperGraph::~MapperGraph() = default;

std::size_t MapperGraph::typeCount() const {
  return data_->types.size();
}
std::size_t MapperGraph::mapperCount() const {
  return data_->mappers.size();
}

std::string MapperGraph::typeName(TypeId type) const {
  const TypeIndex index = data_->indexOf(type);
  return index == kNoType ? unnamedType(type) : data_->typeName(index);
}

std::optional<TypeId> MapperGraph::findType(std::string_view name) const {
  const auto at = std::ranges::find(data_->types, name, &TypeRef::name);
  if (at == data_->types.end() || name.empty()) return std::nullopt;
  return at->id;
}

std::vector<TypeRef> MapperGraph::types() const {
  std::vector<TypeRef> out = data_->types;
  for (TypeRef& type : out) {
    if (type.name.empty()) type.name = unnamedType(type.id);
  }
  std::ranges::sort(out, {}, &TypeRef::name);
  return out;
}

std::optional<MapperIndex> MapperGraph::findMapper(std::string_view id) const {
  std::optional<MapperIndex> found;
  for (MapperIndex m = 0; m < data_->mappers.size(); ++m) {
    if (data_->id(m) == id) return m;
    if (withoutVersion(data_->id(m)) != id) continue;
    if (found) return std::nullopt;
    found = m;
  }
  return found;
}

MapperSpec MapperGraph::mapper(MapperIndex index) const {
  const GraphData& data = *data_;
  CAIRN_ASSERT(index < data.mappers.size());
  const MapperRow& row = data.mappers[index];
  const GateRow& gates = data.gateRows[row.gates];
  MapperSpec spec{.id = std::string(data.id(index)),
                  .plugin = data.plugins[row.plugin],
                  .inputs = {},
                  .output = data.types[row.output].id,
                  .cost = row.cost,
                  .lossy = row.lossy,
                  .effects = row.effects,
                  .grants = namesOf(data, gates.grants),
                  .keeps = namesOf(data, gates.keeps),
                  .keepsAllGates = gates.keepsAll,
                  .after = namesOf(data, gates.after),
                  .enabled = row.enabled};
  for (const InputRow& input : data.inputsOf(index)) {
    spec.inputs.push_back({data.types[input.type].id, data.roles[input.role]});
  }
  return spec;
}

Result<Derivation> MapperGraph::derive(const Query& query, Reasons reasons) const {
  if (auto found = deriveUnder(Rules(*data_, query), query, Ambiguities::Settle)) return *std::move(found);
  return toError(diagnose(query, reasons));
}

std::string MapperGraph::chainText(const Query& query, const Derivation& derivation) const {
  return graph::chainText(*data_, query, derivation);
}

}  // namespace cairn::graph
