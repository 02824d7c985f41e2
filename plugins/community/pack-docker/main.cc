#include "pack_docker.h"

int main(int argc, char** argv) {
  return cairn::servePlugin(cairn::plugins::pack_docker::plugin(), argc, argv);
}
