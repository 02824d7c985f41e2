#include "platform.h"

namespace cairn::plugins::@NAMESPACE@ {

Plugin plugin() {
  Plugin plugin("@NAME@");
  plugin.version("0.1.0").description("puts a folder of files into another folder");
  plugin.platform(deploy, destroy, status).doc("Copies the files into a folder of their own.");
  return plugin;
}

}  // namespace cairn::plugins::@NAMESPACE@
