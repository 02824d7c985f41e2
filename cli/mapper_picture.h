#pragma once
// Chains and mappers as a picture, in Graphviz's language.

#include "cli/mapper_answers.h"

namespace cairn::cli {

enum class PictureParts { Chains, ChainsAndMap };

// A lane for each app: its components, and what lies between them. Below, with `ChainsAndMap`, all types that
// a mapper takes or makes, and the mappers; those that a chain goes through stand out. The same input gives
// the same text.
std::string pictureOf(const Mappers& mappers, const std::vector<Chain>& chains, PictureParts parts);

// Prints a picture or its source: the lines as they are, or one JSON object that holds it.
void printPicture(Output& output, const std::string& picture);

}  // namespace cairn::cli
