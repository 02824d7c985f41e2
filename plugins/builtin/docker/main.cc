#include "components.h"

int main(int argc, char** argv) {
  return cairn::servePlugin(cairn::plugins::docker::plugin(), argc, argv);
}
