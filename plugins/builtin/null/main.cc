#include "null_plugin.h"

int main(int argc, char** argv) {
  return cairn::servePlugin(cairn::plugins::null::plugin(), argc, argv);
}
