// One JSON object a line: every event, every row of an answer, every error. docs/events.md tells the fields.

#include <capnp/dynamic.h>
#include <kj/encoding.h>

#include <map>
#include <nlohmann/json.hpp>

#include "cli/output/error_text.h"
#include "cli/output/json_masker.h"
#include "cli/output/json_text.h"
#include "cli/output/line_buffer.h"
#include "cli/output/output.h"
#include "cli/output/story.h"
#include "cli/output/text.h"

namespace cairn::cli {

namespace {

using Json = nlohmann::ordered_json;

class JsonOutput final : public Output {
 public:
  JsonOutput(TextSink& out, const Masker& masker) : out_(out), masker_(masker) {}

  bool isJson() const override { return true; }
  void lines(const Lines&) override {}
  void json(std::string_view object) override { out_.write(maskJson(object, masker_) + "\n"); }
  void table(const Table& table) override { out_.write(maskJson(tableJson(table), masker_)); }
  void failure(const Failure& failure) override {
    for (const Error& error : failure.errors)
      json(JsonObject().addJson("error", errorJson(masked(error))).text());
  }
  void warning(const Error& error) override {
    json(JsonObject().addJson("warning", errorJson(masked(error))).text());
  }
  void event(wire::Event::Reader event) override;

 private:
  void output(wire::Event::Reader event);
  void flush(const std::string& place);
  void writeOutput(const Json& header, wire::Stream stream, const std::string& bytes);
  Json headerOf(wire::Event::Reader event);
  Json valueOf(capnp::DynamicValue::Reader value);
  Json structOf(capnp::DynamicStruct::Reader value);
  Error masked(Error error);  // also of secrets that are no UTF-8, which JSON can't hold as they are
  std::string mask(std::string_view text) { return masker_.mask(text); }
  void write(const Json& object) {
    out_.write(object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
  }

  struct Pending {
    Json header;
    wire::Stream stream;
    LineBuffer lines;
  };
  TextSink& out_;
  const Masker& masker_;
  std::map<std::pair<std::string, wire::Stream>, Pending> pending_;  // output that has no end of line yet
};

// An id of a type has its highest bit set, always: such numbers are given as text, as JSON's readers would
// round them.
Json numberOf(uint64_t number) {
  if (number < (uint64_t{1} << 53)) return number;
  auto hex = kj::hex(number);
  return "0x" + std::string(hex.begin(), hex.size());
}

Json JsonOutput::valueOf(capnp::DynamicValue::Reader value) {
  switch (value.getType()) {
    case capnp::DynamicValue::BOOL:
      return value.as<bool>();
    case capnp::DynamicValue::INT:
      return value.as<int64_t>();
    case capnp::DynamicValue::UINT:
      return numberOf(value.as<uint64_t>());
    case capnp::DynamicValue::FLOAT:
      return value.as<double>();
    case capnp::DynamicValue::TEXT:
      return mask(view(value.as<capnp::Text>()));
    case capnp::DynamicValue::DATA:
      return mask(kj::encodeHex(value.as<capnp::Data>()).cStr());
    case capnp::DynamicValue::ENUM: {
      auto entry = value.as<capnp::DynamicEnum>();
      KJ_IF_MAYBE (known, entry.getEnumerant()) return string(known->getProto().getName());
      return entry.getRaw();
    }
    case capnp::DynamicValue::LIST: {
      Json list = Json::array();
      for (auto item : value.as<capnp::DynamicList>()) list.push_back(valueOf(item));
      return list;
    }
    case capnp::DynamicValue::STRUCT:
      return structOf(value.as<capnp::DynamicStruct>());
    default:
      return nullptr;
  }
}

Json JsonOutput::structOf(capnp::DynamicStruct::Reader value) {
  Json object = Json::object();
  for (auto field : value.getSchema().getNonUnionFields()) {
    object[field.getProto().getName().cStr()] = valueOf(value.get(field));
  }
  KJ_IF_MAYBE (field, value.which()) object[field->getProto().getName().cStr()] = valueOf(value.get(*field));
  return object;
}

Json JsonOutput::headerOf(wire::Event::Reader event) {
  Json header = {{"unixMs", event.getUnixMs()}, {"run", string(event.getRun())}};
  if (event.getApp().size() > 0) header["app"] = string(event.getApp());
  if (event.getStage().size() > 0) header["stage"] = string(event.getStage());
  if (event.getPlugin().size() > 0) header["plugin"] = string(event.getPlugin());
  return header;
}

void JsonOutput::writeOutput(const Json& header, wire::Stream stream, const std::string& bytes) {
  Json object = header;
  object["event"] = "output";
  Json& output = object["output"];
  output["stream"] = stream == wire::Stream::STDERR ? "stderr" : "stdout";
  std::string masked = mask(bytes);
  if (isUtf8(masked)) {
    output["text"] = masked;
  } else {
    auto raw = kj::arrayPtr(reinterpret_cast<const kj::byte*>(masked.data()), masked.size());
    output["base64"] = kj::encodeBase64(raw, false).cStr();
  }
  write(object);
}

// A secret may be cut in two by the pieces in which output arrives; only whole lines are given.
void JsonOutput::output(wire::Event::Reader event) {
  auto stream = event.getOutput().getStream();
  auto bytes = event.getOutput().getBytes();
  Pending& pending = pending_[{placeText(event), stream}];
  pending.header = headerOf(event);
  pending.stream = stream;
  for (const std::string& line :
       pending.lines.feed({reinterpret_cast<const char*>(bytes.begin()), bytes.size()}, masker_)) {
    writeOutput(pending.header, stream, line + "\n");
  }
}

void JsonOutput::flush(const std::string& place) {
  for (auto stream : {wire::Stream::STDOUT, wire::Stream::STDERR}) {
    auto found = pending_.extract({place, stream});
    if (found.empty()) continue;
    std::string rest = found.mapped().lines.rest();
    if (!rest.empty()) writeOutput(found.mapped().header, stream, rest);
  }
}

void JsonOutput::event(wire::Event::Reader event) {
  if (event.isOutput()) return output(event);
  if (event.isStageFinished()) flush(placeText(event));
  while (event.isRunFinished() && !pending_.empty()) flush(pending_.begin()->first.first);
  Json object = headerOf(event);
  capnp::DynamicStruct::Reader dynamic(event);
  KJ_IF_MAYBE (member, dynamic.which()) {
    std::string name = member->getProto().getName().cStr();
    object["event"] = name;
    if (!event.isAppStarted()) object[name] = valueOf(dynamic.get(*member));
  } else {
    object["event"] = "unknown";
  }
  write(object);
}

Error JsonOutput::masked(Error error) {
  error.message = mask(error.message);
  error.hint = mask(error.hint);
  error.detail = mask(error.detail);
  for (std::string& via : error.via) via = mask(via);
  return error;
}

}  // namespace

std::unique_ptr<Output> makeJsonOutput(TextSink& out, const Masker& masker) {
  return std::make_unique<JsonOutput>(out, masker);
}

}  // namespace cairn::cli
