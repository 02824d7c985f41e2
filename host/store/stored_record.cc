#include "host/store/stored_record.h"

#include <capnp/message.h>
#include <capnp/serialize.h>

namespace cairn::host {
namespace {

// What is in our own file is trusted to be worth reading, however often; its pointers are still checked.
capnp::ReaderOptions unlimited() {
  capnp::ReaderOptions out;
  out.traversalLimitInWords = UINT64_MAX;
  return out;
}

}  // namespace

struct StoredRecord::Message {
  explicit Message(kj::Array<const capnp::word> canonical)
      : words(kj::mv(canonical)),
        segment(words.asPtr()),
        message(kj::arrayPtr(&segment, 1), unlimited()),
        record(message.getRoot<wire::Record>()) {}

  kj::Array<const capnp::word> words;
  kj::ArrayPtr<const capnp::word> segment;
  capnp::SegmentArrayMessageReader message;
  wire::Record::Reader record;
};

StoredRecord::StoredRecord(kj::Array<const capnp::word> words) : message_(kj::heap<Message>(kj::mv(words))) {}
StoredRecord::StoredRecord(wire::Record::Reader record) : StoredRecord(capnp::canonicalize(record)) {}
StoredRecord::StoredRecord(StoredRecord&&) noexcept = default;
StoredRecord& StoredRecord::operator=(StoredRecord&&) noexcept = default;
StoredRecord::~StoredRecord() noexcept = default;

wire::Record::Reader StoredRecord::reader() const {
  return message_->record;
}
const wire::Record::Reader* StoredRecord::operator->() const {
  return &message_->record;
}
kj::ArrayPtr<const kj::byte> StoredRecord::bytes() const {
  return message_->words.asBytes();
}

}  // namespace cairn::host
