#include <cairn/detail/diagnostic.h>

namespace cairn::detail {
namespace {

using Kind = wire::Diagnostic::Kind;

constexpr std::pair<ErrorKind, Kind> kKinds[] = {
    {ErrorKind::Internal, Kind::INTERNAL},  {ErrorKind::Config, Kind::CONFIG},
    {ErrorKind::NotFound, Kind::NOT_FOUND}, {ErrorKind::Refused, Kind::REFUSED},
    {ErrorKind::Failed, Kind::FAILED},      {ErrorKind::Unavailable, Kind::UNAVAILABLE},
    {ErrorKind::Deadline, Kind::DEADLINE},  {ErrorKind::Cancelled, Kind::CANCELLED},
    {ErrorKind::Died, Kind::DIED},
};

// The SDK's own codes; every plugin may answer them.
constexpr std::string_view kSharedCodes[] = {"cancelled", "host-gone", "host-refused", "call-ended",
                                             "plugin-exception"};

std::string ownedCode(const std::string& code, std::string_view plugin) {
  if (code.find('/') != std::string::npos) return code;
  for (auto shared : kSharedCodes) {
    if (code == shared) return code;
  }
  return std::string(plugin) + '/' + (code.empty() ? "failed" : code);
}

// The layers it passed become the first lines of the detail; the wire has no list for them.
std::string detailWithContext(const Error& error) {
  std::string text;
  for (auto& line : error.via) text += line + '\n';
  return text + error.detail;
}

std::string string(capnp::Text::Reader text) {
  return {text.begin(), text.size()};
}

}  // namespace

void writeDiagnostic(const Error& error, std::string_view plugin, wire::Diagnostic::Builder out) {
  out.setSeverity(wire::Diagnostic::Severity::ERROR);
  for (auto [kind, wireKind] : kKinds) {
    if (kind == error.kind) out.setKind(wireKind);
  }
  out.setCode(ownedCode(error.code, plugin));
  out.setMessage(error.message);
  out.setHint(error.hint);
  out.setDetail(detailWithContext(error));
  out.setSetting(error.settingPath);
}

Error readDiagnostic(wire::Diagnostic::Reader diagnostic) {
  Error error;
  for (auto [kind, wireKind] : kKinds) {
    if (wireKind == diagnostic.getKind()) error.kind = kind;
  }
  error.code = string(diagnostic.getCode());
  error.message = string(diagnostic.getMessage());
  error.hint = string(diagnostic.getHint());
  error.detail = string(diagnostic.getDetail());
  error.settingPath = string(diagnostic.getSetting());
  return error;
}

}  // namespace cairn::detail
