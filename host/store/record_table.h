#pragma once
// Records in the file: their bytes, and columns to find them by.

#include <host/store/sqlite.h>
#include <host/store/store.h>

#include <string>
#include <string_view>

namespace cairn::host {

std::string_view kindName(wire::RecordKind kind);
std::string_view stateName(wire::Record::State state);

// `record` has a number and a state already.
Result<void> insertRecord(Database& database, const StoredRecord& record);
Result<uint32_t> nextSequence(Database& database, wire::Record::Reader record);
// Scope, kind and sequence of the row stay. Empty `byRun`: who acts on it stays.
Result<void> replaceRecord(Database& database, const StoredRecord& record, const std::string& byRun);

// Errors: record-not-found.
Result<void> requireRecord(Database& database, const std::string& id);
Result<StoredRecord> readRecord(Database& database, const std::string& id);
Result<StoredRecord> readRecordByPrefix(Database& database, const std::string& prefix);
Result<std::vector<StoredRecord>> listRecords(Database& database, const RecordFilter& filter);

// The record of column `column`.
StoredRecord recordAt(const Statement& statement, int column);
Error recordNotFound(const std::string& id);

}  // namespace cairn::host
