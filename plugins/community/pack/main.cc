#include "pack_builder.h"

int main(int argc, char** argv) {
  return cairn::servePlugin(cairn::plugins::pack::plugin(), argc, argv);
}
