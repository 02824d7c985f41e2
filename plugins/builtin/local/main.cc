#include "local_plugin.h"

int main(int argc, char** argv) {
  return cairn::servePlugin(cairn::plugins::local::localPlugin(), argc, argv);
}
