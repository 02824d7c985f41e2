#pragma once
// Mappers and chains, as people and as programs read them.

#include "cli/mapper_answers.h"
#include "cli/output/line.h"
#include "cli/output/table.h"

namespace cairn::cli {

// Whether [mappers] forbids it.
bool isForbidden(const graph::MapperSpec& mapper, const graph::Query& rules);

// "oci.Image, acme.Signature:proof": what it takes, from the input with that index on.
std::string inputsText(const graph::MapperGraph& graph, const graph::MapperSpec& mapper,
                       std::size_t from = 0);
// "lossy, effectful, gate scan, forbidden": what is special about it; may be empty.
std::string remarksOn(const graph::MapperSpec& mapper, const graph::Query& rules);

// The chain, its steps with what they cost and why each is there, and what else would have done.
// chain.answer holds an explanation.
Lines chainLines(const Mappers& mappers, const Chain& chain, bool verbose);
// One object, for a chain that is found and for one that is not.
std::string chainJson(const Mappers& mappers, const Chain& chain);

std::string mapperJson(const Mappers& mappers, const graph::MapperSpec& mapper);

}  // namespace cairn::cli
