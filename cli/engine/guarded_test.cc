#include "cli/engine/guarded.h"

#include <gtest/gtest.h>
#include <kj/debug.h>

#include <stdexcept>

namespace cairn::cli {
namespace {

template <typename Throw>
Error guardedError(Throw thrown) {
  auto answer = guarded<int>([&]() -> Answer<int> {
    thrown();
    return 1;
  });
  return answer ? Error{} : answer.error().errors.front();
}

TEST(Guarded, AnExceptionOfALibraryBecomesAnErrorThatHoldsItsWords) {
  const Error error = guardedError([] { throw std::runtime_error("the library broke"); });
  EXPECT_EQ(error.code, "internal");
  EXPECT_EQ(error.kind, ErrorKind::Internal);
  EXPECT_NE(error.message.find("the library broke"), std::string::npos) << error.message;
}

TEST(Guarded, AFalseAssertionBecomesAnErrorThatNamesItsPlace) {
  const Error error = guardedError([] { KJ_FAIL_ASSERT("the count is wrong"); });
  EXPECT_EQ(error.code, "internal");
  EXPECT_NE(error.message.find("the count is wrong"), std::string::npos) << error.message;
  EXPECT_NE(error.detail.find("guarded_test.cc"), std::string::npos) << error.detail;
}

TEST(Guarded, WhatWasAnsweredPassesThrough) {
  EXPECT_EQ(guarded<int>([]() -> Answer<int> { return 7; }).value(), 7);
}

}  // namespace
}  // namespace cairn::cli
