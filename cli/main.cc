// The program `cairn`.

#include "cli/program.h"

int main(int argc, char** argv) {
  return cairn::cli::runProgram({argv + 1, argv + argc});
}
