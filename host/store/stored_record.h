#pragma once
// A record as the store keeps it: canonical bytes and a reader on them.

#include <cairn/record.capnp.h>

#include <kj/array.h>
#include <kj/memory.h>

namespace cairn::host {

// Moves cheaply; its readers stay valid as long as it lives, also after a move. Fields that this version does
// not know are kept: `Owned<wire::Record> changed(stored.reader())` carries them on.
class StoredRecord {
 public:
  // Throws kj::Exception where `words` is no message at all; readWhole() finds what else may be wrong with
  // it.
  explicit StoredRecord(kj::Array<const capnp::word> words);
  // Takes a canonical copy.
  explicit StoredRecord(wire::Record::Reader record);
  StoredRecord(StoredRecord&&) noexcept;
  StoredRecord& operator=(StoredRecord&&) noexcept;
  ~StoredRecord() noexcept;

  wire::Record::Reader reader() const;
  const wire::Record::Reader* operator->() const;
  kj::ArrayPtr<const kj::byte> bytes() const;

 private:
  struct Message;
  kj::Own<Message> message_;
};

}  // namespace cairn::host
