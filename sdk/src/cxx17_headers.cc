// Never linked: that this compiles says that plugin authors may still use C++17.

#include <cairn/base/near_names.h>
#include <cairn/base/process_stat.h>
#include <cairn/base/replace_file.h>
#include <cairn/base/reset_signals.h>
#include <cairn/base/result.h>
#include <cairn/base/write_all.h>
#include <cairn/call.h>
#include <cairn/dynamic/digest.h>
#include <cairn/dynamic/enum_name.h>
#include <cairn/dynamic/json.h>
#include <cairn/dynamic/schema_set.h>
#include <cairn/file_tree.h>
#include <cairn/owned.h>
#include <cairn/plugin.h>
#include <cairn/testing/plugin_harness.h>
#include <cairn/types.capnp.h>

namespace {

// CAIRN_TRY, too, is used in authors' code.
[[maybe_unused]] cairn::Result<int> twice(cairn::Result<int> number) {
  return CAIRN_TRY(std::move(number)) * 2;
}

}  // namespace
