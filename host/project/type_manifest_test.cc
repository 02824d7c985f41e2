// The types that every project knows.

#include "host/project/type_manifest.h"

#include "host/project/schema_files.h"

#include <cairn/dynamic/schema_set.h>
#include <cairn/manifest.capnp.h>

#include <capnp/message.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace cairn::host {
namespace {

TEST(SharedTypes, AreAllThatTheSharedSchemaDeclares) {
  constexpr std::string_view kBefore = "$Cairn.type(\"";
  const std::string_view schema = *broughtSchema("/cairn/types.capnp");
  std::set<std::string> declared;
  for (auto at = schema.find(kBefore); at != schema.npos; at = schema.find(kBefore, at)) {
    at += kBefore.size();
    declared.emplace(schema.substr(at, schema.find('"', at) - at));
  }
  const auto words = sharedTypes();
  const kj::ArrayPtr<const capnp::word> segment(reinterpret_cast<const capnp::word*>(words.data()),
                                                words.size());
  capnp::SegmentArrayMessageReader message(kj::arrayPtr(&segment, 1));
  std::set<std::string> known;
  for (auto type : message.getRoot<wire::Manifest>().getTypes()) known.emplace(type.getName().cStr());
  EXPECT_EQ(known, declared);
}

}  // namespace
}  // namespace cairn::host
