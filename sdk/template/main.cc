#include "platform.h"

int main(int argc, char** argv) {
  return cairn::servePlugin(cairn::plugins::@NAMESPACE@::plugin(), argc, argv);
}
