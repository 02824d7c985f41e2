#include "host/store/record_table.h"

#include <cairn/dynamic/enum_name.h>
#include <cairn/dynamic/whole.h>

#include <capnp/serialize.h>

#include <algorithm>
#include <cctype>
#include <cstring>

namespace cairn::host {
namespace {

constexpr size_t kShortestPrefix = 4;
constexpr int kCandidatesShown = 5;

std::string_view view(capnp::Text::Reader text) {
  return {text.begin(), text.size()};
}

// Matches an empty filter part with everything, without a statement of its own for each combination. The
// scope's columns come first in an index, so that a filter that names them is answered from it.
class Query {
 public:
  explicit Query(std::string sql) : sql_(std::move(sql)) {}

  void where(const char* condition, std::string value) {
    if (value.empty()) return;
    add(condition);
    values_.push_back(std::move(value));
  }
  void add(const std::string& condition) {
    sql_ += (any_ ? " AND " : " WHERE ") + condition;
    any_ = true;
  }
  Statement prepare(Database& database, const std::string& tail) {
    Statement out = database.prepare(sql_ + tail);
    for (const std::string& value : values_) out.bind(value);
    return out;
  }

 private:
  std::string sql_;
  std::vector<std::string> values_;
  bool any_ = false;
};

std::string lowerCase(std::string text) {
  for (char& c : text) c = static_cast<char>(tolower(static_cast<unsigned char>(c)));
  return text;
}

bool isIdText(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return isxdigit(c) || c == '-'; });
}

// The least text greater than all that begin with `prefix`; both are ASCII.
std::string afterPrefix(std::string prefix) {
  ++prefix.back();
  return prefix;
}

// "deployment v3 of web in prod", "build of web in prod": only deployments and releases have numbers that
// people know.
std::string describe(wire::Record::Reader record) {
  std::string number;
  if (record.getKind() == wire::RecordKind::DEPLOYMENT) number = " v" + std::to_string(record.getSequence());
  if (record.getKind() == wire::RecordKind::RELEASE) number = " #" + std::to_string(record.getSequence());
  return std::string(kindName(record.getKind())) + number + " of " + record.getApp().cStr() + " in " +
         record.getWorkspace().cStr();
}

Error ambiguous(const std::string& prefix, const std::vector<StoredRecord>& candidates) {
  Error out{.kind = ErrorKind::Config,
            .code = "record-ambiguous",
            .message = "several records begin with \"" + prefix + "\"",
            .hint = "give more of its id"};
  for (size_t i = 0; i < candidates.size() && i < kCandidatesShown; ++i) {
    out.detail += std::string(candidates[i]->getId().cStr()) + "  " + describe(candidates[i].reader()) + '\n';
  }
  if (candidates.size() > kCandidatesShown) out.detail += "and more\n";
  return out;
}

Result<std::vector<StoredRecord>> all(Statement statement) {
  std::vector<StoredRecord> out;
  while (CAIRN_TRY(statement.step())) out.push_back(recordAt(statement, 0));
  return out;
}

std::string stateList(const std::vector<wire::Record::State>& states) {
  std::string out;
  for (auto state : states) {
    out += out.empty() ? "'" : ", '";
    out.append(stateName(state)) += '\'';
  }
  return "state IN (" + out + ")";
}

}  // namespace

std::string_view kindName(wire::RecordKind kind) {
  return enumName(kind);
}

std::string_view stateName(wire::Record::State state) {
  return enumName(state);
}

Result<void> insertRecord(Database& database, const StoredRecord& record) {
  return database
      .prepare("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", view(record->getId()),
               view(record->getProject()), view(record->getApp()), view(record->getWorkspace()),
               kindName(record->getKind()), record->getSequence(), stateName(record->getState()),
               view(record->getGit().getCommit()), view(record->getParent()), view(record->getRunId()),
               view(record->getRunId()), record->getStartedUnixMs(), record->getFinishedUnixMs())
      .bindBytes(record.bytes())
      .run();
}

Result<uint32_t> nextSequence(Database& database, wire::Record::Reader record) {
  Statement last = database.prepare(
      "SELECT ifnull(max(sequence), 0) FROM record WHERE project = ? AND app = ? AND workspace = ? AND kind "
      "= ?",
      view(record.getProject()), view(record.getApp()), view(record.getWorkspace()),
      kindName(record.getKind()));
  CAIRN_TRY(last.step());
  return static_cast<uint32_t>(last.integer(0)) + 1;
}

Result<void> replaceRecord(Database& database, const StoredRecord& record, const std::string& byRun) {
  CAIRN_TRY(database
                .prepare("UPDATE record SET content = ?, state = ?, git_commit = ?, parent = ?, started = ?, "
                         "finished = ?, "
                         "acting_run = ifnull(nullif(?, ''), acting_run) WHERE id = ?")
                .bindBytes(record.bytes())
                .bind(stateName(record->getState()))
                .bind(view(record->getGit().getCommit()))
                .bind(view(record->getParent()))
                .bind(record->getStartedUnixMs())
                .bind(record->getFinishedUnixMs())
                .bind(byRun)
                .bind(view(record->getId()))
                .run());
  return {};
}

Result<void> requireRecord(Database& database, const std::string& id) {
  Statement found = database.prepare("SELECT 1 FROM record WHERE id = ?", id);
  if (!CAIRN_TRY(found.step())) return recordNotFound(id);
  return {};
}

Result<StoredRecord> readRecord(Database& database, const std::string& id) {
  Statement found = database.prepare("SELECT content FROM record WHERE id = ?", id);
  if (!CAIRN_TRY(found.step())) return recordNotFound(id);
  return recordAt(found, 0);
}

Result<StoredRecord> readRecordByPrefix(Database& database, const std::string& given) {
  std::string prefix = lowerCase(given);
  if (prefix.size() < kShortestPrefix || !isIdText(prefix)) return recordNotFound(given);
  auto found = CAIRN_TRY(
      all(database.prepare("SELECT content FROM record WHERE id >= ? AND id < ? ORDER BY id LIMIT ?", prefix,
                           afterPrefix(prefix), kCandidatesShown + 1)));
  if (found.empty()) return recordNotFound(given);
  if (found.size() > 1) return ambiguous(given, found);
  return std::move(found.front());
}

Result<std::vector<StoredRecord>> listRecords(Database& database, const RecordFilter& filter) {
  Query query("SELECT content FROM record");
  query.where("project = ?", filter.project);
  query.where("app = ?", filter.app);
  query.where("workspace = ?", filter.workspace);
  query.where("parent = ?", filter.parent);
  query.where("run = ?", filter.runId);
  if (!filter.commitPrefix.empty()) {
    std::string prefix = lowerCase(filter.commitPrefix);
    query.where("git_commit >= ?", prefix);
    query.where("git_commit < ?", afterPrefix(prefix));
  }
  if (filter.kind) query.where("kind = ?", std::string(kindName(*filter.kind)));
  if (!filter.states.empty()) query.add(stateList(filter.states));
  if (filter.sequence > 0) query.add("sequence = " + std::to_string(filter.sequence));
  std::string limit = filter.limit > 0 ? " LIMIT " + std::to_string(filter.limit) : "";
  // Ids are in the order of time.
  return all(query.prepare(database, " ORDER BY id DESC" + limit));
}

StoredRecord recordAt(const Statement& statement, int column) {
  kj::Array<kj::byte> bytes = statement.bytes(column);
  KJ_REQUIRE(bytes.size() % sizeof(capnp::word) == 0, "a record was cut short");
  auto words = kj::heapArray<capnp::word>(bytes.size() / sizeof(capnp::word));
  memcpy(words.begin(), bytes.begin(), words.asBytes().size());
  // Whoever reads it all once comes over each word once: a damaged list that claims millions of elements of
  // no size ends here, not after hours.
  const kj::ArrayPtr<const capnp::word> segment = words;
  capnp::ReaderOptions once;
  once.traversalLimitInWords = 2 * segment.size() + 64;
  capnp::SegmentArrayMessageReader reader(kj::arrayPtr(&segment, 1), once);
  readWhole(reader.getRoot<wire::Record>());
  StoredRecord record(kj::mv(words));
  KJ_REQUIRE(record->getId().size() > 0, "a record has no id");
  return record;
}

Error recordNotFound(const std::string& id) {
  return {.kind = ErrorKind::NotFound,
          .code = "record-not-found",
          .message = "no record has the id \"" + id + "\"",
          .hint = "give an id, or at least the first four characters of it, as `cairn history` shows them"};
}

}  // namespace cairn::host
