#include "entrypoint/proxy/http_head.h"

#include <gtest/gtest.h>

namespace cairn::entrypoint {
namespace {

http::fields fieldsOf(std::initializer_list<std::pair<const char*, const char*>> entries) {
  http::fields out;
  for (const auto& [name, value] : entries) out.insert(name, value);
  return out;
}

std::string requestHead(const http::fields& fields, std::string_view target = "/") {
  std::string out;
  appendRequestHead(out, {.method = "GET", .target = target, .fields = fields, .clientAddress = "10.0.0.9"});
  return out;
}

unsigned faultOf(const http::fields& fields, unsigned version = 11, std::string_view target = "/") {
  const auto fault = findFault(fields, http::verb::get, target, version);
  return fault ? fault->status : 0;
}

TEST(HttpHead, HopByHopFieldsStayHere) {
  const auto fields =
      fieldsOf({{"Host", "a"}, {"Connection", "x-mine, keep-alive"}, {"X-Mine", "1"}, {"TE", "trailers"}});
  EXPECT_EQ(requestHead(fields),
            "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.0.0.9\r\nX-Forwarded-Proto: http\r\n"
            "X-Forwarded-Host: a\r\n\r\n");
}

TEST(HttpHead, TheHostCanNotBeNamedAway) {
  EXPECT_NE(requestHead(fieldsOf({{"Host", "a"}, {"Connection", "host"}})).find("\r\nHost: a\r\n"),
            std::string::npos);
}

TEST(HttpHead, TheClientIsAddedToThoseBeforeIt) {
  const std::string head = requestHead(fieldsOf({{"Host", "a"}, {"X-Forwarded-For", "1.1.1.1"}}));
  EXPECT_NE(head.find("X-Forwarded-For: 1.1.1.1, 10.0.0.9\r\n"), std::string::npos);
}

TEST(HttpHead, AnAbsoluteTargetNamesTheHost) {
  const std::string head = requestHead(fieldsOf({{"Host", "evil"}}), "http://shop?x=1");
  EXPECT_TRUE(head.starts_with("GET /?x=1 HTTP/1.1\r\nHost: shop\r\n"));
  EXPECT_EQ(head.find("evil"), std::string::npos);
}

TEST(HttpHead, WhatTwoProgramsCouldReadDifferentlyIsRefused) {
  EXPECT_EQ(faultOf(fieldsOf({{"Host", "a"}, {"Transfer-Encoding", "gzip, chunked"}})), 501u);
  EXPECT_EQ(faultOf(fieldsOf({{"Host", "a"}, {"Transfer-Encoding", "xchunked"}})), 501u);
  EXPECT_EQ(faultOf(fieldsOf({{"Host", "a"}, {"Transfer-Encoding", "chunked"}}), 10), 400u);
  EXPECT_EQ(faultOf(fieldsOf({{"Host", "a"}, {"Host", "b"}})), 400u);
  EXPECT_EQ(faultOf(fieldsOf({})), 400u);
  EXPECT_EQ(faultOf(fieldsOf({{"Host", "a"}}), 11, "nopath"), 400u);
  EXPECT_EQ(faultOf(fieldsOf({{"Host", "a"}, {"Transfer-Encoding", "chunked"}})), 0u);
}

}  // namespace
}  // namespace cairn::entrypoint
