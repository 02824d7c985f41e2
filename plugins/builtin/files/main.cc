#include "files_plugin.h"

#include <cstdlib>

int main(int argc, char** argv) {
  ::setenv("TZ", "UTC", 1);  // a zip says local times: the same files are to give the same bytes everywhere
  return cairn::servePlugin(cairn::plugins::files::plugin(), argc, argv);
}
