#include "host/pipeline/mapping.h"

#include <gtest/gtest.h>
#include <kj/async-io.h>

#include <stdexcept>

namespace cairn::host {
namespace {

TEST(MapCache, WhoWantsAValueWhoseMapperBrokeOffIsToldSo) {
  auto io = kj::setupAsyncIo();
  MapCache cache;
  EXPECT_ANY_THROW(
      (void)cache.once(io.waitScope, "key", []() -> Result<Value> { throw std::runtime_error("broken"); }));
  auto again = cache.once(io.waitScope, "key", []() -> Result<Value> { return Value(); });
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "internal");
}

}  // namespace
}  // namespace cairn::host
