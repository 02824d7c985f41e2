#include <cairn/dynamic/whole.h>

#include <cairn/record.capnp.h>

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <gtest/gtest.h>

#include <random>

namespace cairn {
namespace {

kj::Array<capnp::word> record() {
  capnp::MallocMessageBuilder message;
  auto record = message.initRoot<wire::Record>();
  record.setId("0192");
  record.initGit().setBranch("main");
  auto labels = record.initLabels(2);
  labels[0].setName("team");
  labels[1].setValue("checkout");
  record.initDerivation(1)[0].initGates(1).set(0, "scan");
  return capnp::canonicalize(record.asReader());
}

void readAs(kj::ArrayPtr<const capnp::word> words) {
  capnp::SegmentArrayMessageReader reader(kj::arrayPtr(&words, 1));
  readWhole(reader.getRoot<wire::Record>());
}

TEST(ReadWhole, IsContentWithWhatIsWhole) {
  readAs(record());
}

TEST(ReadWhole, FindsATextWithoutItsEnd) {
  auto words = record();
  auto bytes = words.asBytes();
  const std::string_view all(reinterpret_cast<const char*>(bytes.begin()), bytes.size());
  bytes[all.find("checkout") + 8] = 'x';
  EXPECT_ANY_THROW(readAs(words));
}

TEST(ReadWhole, WhatItLetsThroughCanBeReadByItsSchema) {
  std::mt19937 random(1);
  const auto whole = record();
  for (int i = 0; i < 3000; ++i) {
    auto words = kj::heapArray(whole.asPtr());
    auto bytes = words.asBytes();
    bytes[random() % bytes.size()] ^= static_cast<kj::byte>(1u << (random() % 8));
    if (kj::runCatchingExceptions([&] { readAs(words); }) != nullptr) continue;
    const kj::ArrayPtr<const capnp::word> segment = words;
    capnp::SegmentArrayMessageReader reader(kj::arrayPtr(&segment, 1));
    auto record = reader.getRoot<wire::Record>();
    for (auto label : record.getLabels()) (void)label.getName().size();
    for (auto step : record.getDerivation()) (void)step.getGates().size();
    (void)record.getGit().getBranch().size();
  }
}

}  // namespace
}  // namespace cairn
