#include "host/pipeline/emitter.h"

#include <cairn/dynamic/enum_name.h>

#include <capnp/dynamic.h>
#include <capnp/message.h>

namespace cairn::host {
namespace {

capnp::Text::Reader asText(const std::string& text) {
  return {text.c_str(), text.size()};
}

// Masks every text in `value`, at any depth. Raw output is bytes: it is masked as the text it mostly is.
void maskStruct(const Masking& masking, capnp::DynamicStruct::Builder value);

void maskList(const Masking& masking, capnp::DynamicList::Builder list) {
  const auto element = list.getSchema().getElementType();
  for (unsigned i = 0; i < list.size(); ++i) {
    if (element.isText()) {
      list.set(i, asText(masking.mask(list[i].as<capnp::Text>().cStr())));
    } else if (element.isStruct()) {
      maskStruct(masking, list[i].as<capnp::DynamicStruct>());
    } else if (element.isList()) {
      maskList(masking, list[i].as<capnp::DynamicList>());
    }
  }
}

void maskField(const Masking& masking, capnp::DynamicStruct::Builder value,
               capnp::StructSchema::Field field) {
  const auto type = field.getType();
  if (type.isStruct()) {
    maskStruct(masking, value.get(field).as<capnp::DynamicStruct>());
  } else if (type.isList()) {
    maskList(masking, value.get(field).as<capnp::DynamicList>());
  } else if (type.isText()) {
    std::string text = value.get(field).as<capnp::Text>().cStr();
    std::string safe = masking.mask(text);
    if (safe != text) value.set(field, asText(safe));
  } else if (type.isData()) {
    auto bytes = value.get(field).as<capnp::Data>();
    std::string text(bytes.asChars().begin(), bytes.size());
    std::string safe = masking.mask(text);
    if (safe != text)
      value.set(field, capnp::Data::Reader(kj::StringPtr(safe.c_str(), safe.size()).asBytes()));
  }
}

void maskStruct(const Masking& masking, capnp::DynamicStruct::Builder value) {
  for (auto field : value.getSchema().getNonUnionFields()) {
    if (value.has(field, capnp::HasMode::NON_DEFAULT)) maskField(masking, value, field);
  }
  KJ_IF_MAYBE (field, value.which()) {
    if (value.has(*field, capnp::HasMode::NON_DEFAULT)) maskField(masking, value, *field);
  }
}

}  // namespace

Emitter Emitter::forApp(std::string app) const {
  Emitter out = *this;
  out.app_ = std::move(app);
  return out;
}

Emitter Emitter::forStage(std::string stage, std::string plugin) const {
  Emitter out = *this;
  out.stage_ = std::move(stage);
  out.plugin_ = std::move(plugin);
  return out;
}

void Emitter::emit(kj::FunctionParam<void(wire::Event::Builder)> fill) const {
  capnp::MallocMessageBuilder message;
  auto event = message.initRoot<wire::Event>();
  event.setUnixMs(context_->nowMs());
  event.setRun(run_);
  event.setApp(app_);
  event.setStage(stage_);
  event.setPlugin(plugin_);
  fill(event);
  maskTexts(context_->masking, capnp::toDynamic(event));
  context_->sink(event.asReader());
}

void Emitter::diagnostic(const Error& error, wire::Diagnostic::Severity severity) const {
  emit([&](wire::Event::Builder event) {
    auto diagnostic = event.initDiagnostic();
    writeDiagnostic(error, diagnostic);
    diagnostic.setSeverity(severity);
  });
}

const char* stageName(wire::StageKind kind) {
  return enumName(kind).data();
}

void maskTexts(const Masking& masking, capnp::DynamicStruct::Builder value) {
  if (masking.any()) maskStruct(masking, value);
}

Error masked(const Masking& masking, Error error) {
  if (!masking.any()) return error;
  for (std::string* text : {&error.message, &error.hint, &error.detail}) *text = masking.mask(*text);
  for (auto& line : error.via) line = masking.mask(line);
  return error;
}

}  // namespace cairn::host
