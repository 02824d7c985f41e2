#include "host/project/function_bodies.h"

#include "host/project/evaluate.h"
#include "host/project/text_file.h"

#include <cairn/dynamic/digest.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace cairn::host::function_bodies {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const std::string& textAt(const Arguments& arguments, std::size_t index) {
  return *arguments[index].text();
}

Datum text(std::string value) {
  return {.value = std::move(value)};
}

// What a function makes of little may be much: it ends before it has more than a whole evaluation may.
constexpr char kTooMuch[] = "what it makes is too large";

template <typename Change>
Datum eachLetter(std::string value, Change change) {
  for (char& c : value) c = static_cast<char>(change(static_cast<unsigned char>(c)));
  return text(std::move(value));
}

}  // namespace

Answer base64Encode(const Arguments& arguments, const Scope&) {
  const std::string& in = textAt(arguments, 0);
  std::string out;
  for (std::size_t i = 0; i < in.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < in.size() ? static_cast<unsigned char>(in[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j) out += i + j <= in.size() ? kBase64[group >> (18 - 6 * j) & 63] : '=';
  }
  return text(std::move(out));
}

Answer base64Decode(const Arguments& arguments, const Scope&) {
  std::string_view in = textAt(arguments, 0);
  while (in.ends_with('=')) in.remove_suffix(1);
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (char c : in) {
    const std::size_t digit = kBase64.find(c);
    if (digit == std::string_view::npos) return std::string("this is no base64");
    bits = bits << 6 | static_cast<unsigned>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xFF);
  }
  return text(std::move(out));
}

Answer format(const Arguments& arguments, const Scope&) {
  const std::string& pattern = textAt(arguments, 0);
  std::string out;
  std::size_t next = 1, at = 0;
  for (std::size_t found; (found = pattern.find("{}", at)) != std::string::npos; at = found + 2) {
    if (next == arguments.size()) return std::string("format() has more {} than arguments");
    out += pattern.substr(at, found - at) + datumText(arguments[next++]);
  }
  if (next < arguments.size()) return std::string("format() has more arguments than {}");
  return text(out + pattern.substr(at));
}

Answer join(const Arguments& arguments, const Scope&) {
  std::string out;
  bool first = true;
  for (const Datum& item : *arguments[1].list()) {
    out += (first ? "" : textAt(arguments, 0)) + datumText(item);
    if (out.size() > kMostBytesMade) return std::string(kTooMuch);
    first = false;
  }
  return text(std::move(out));
}

Answer jsonDecode(const Arguments& arguments, const Scope&) {
  Datum out;
  if (textAt(arguments, 0).size() > kLargestTextFile) return std::string("this JSON is too large");
  if (auto problem = parseJson(textAt(arguments, 0), out))
    return problem->why + (problem->byte ? ": at byte " + std::to_string(*problem->byte) : "");
  return out;
}

Answer jsonEncode(const Arguments& arguments, const Scope&) {
  return text(toJson(arguments[0]));
}

Answer lower(const Arguments& arguments, const Scope&) {
  return eachLetter(textAt(arguments, 0), [](unsigned char c) { return c < 128 ? std::tolower(c) : c; });
}

Answer upper(const Arguments& arguments, const Scope&) {
  return eachLetter(textAt(arguments, 0), [](unsigned char c) { return c < 128 ? std::toupper(c) : c; });
}

Answer replace(const Arguments& arguments, const Scope&) {
  const std::string& in = textAt(arguments, 0);
  const std::string& from = textAt(arguments, 1);
  if (from.empty()) return std::string("replace() can't look for an empty text");
  std::string out;
  std::size_t at = 0;
  for (std::size_t found; (found = in.find(from, at)) != std::string::npos; at = found + from.size()) {
    out.append(in, at, found - at).append(textAt(arguments, 2));
    if (out.size() > kMostBytesMade) return std::string(kTooMuch);
  }
  return text(out + in.substr(at));
}

Answer sha256Of(const Arguments& arguments, const Scope&) {
  return text(hex(sha256(textAt(arguments, 0))));
}

Answer split(const Arguments& arguments, const Scope&) {
  const std::string& separator = textAt(arguments, 0);
  const std::string& in = textAt(arguments, 1);
  Datum::List out;
  if (separator.empty()) return std::string("split() needs a separator");
  if (in.empty()) return Datum{.value = std::move(out)};
  std::size_t at = 0;
  for (std::size_t found; (found = in.find(separator, at)) != std::string::npos;
       at = found + separator.size()) {
    out.push_back(text(in.substr(at, found - at)));
    if (out.size() > kMostBytesMade / sizeof(Datum)) return std::string(kTooMuch);
  }
  out.push_back(text(in.substr(at)));
  return Datum{.value = std::move(out)};
}

Answer substr(const Arguments& arguments, const Scope&) {
  const std::string& in = textAt(arguments, 0);
  const std::int64_t start = std::get<std::int64_t>(arguments[1].value);
  const std::int64_t wanted = arguments.size() > 2 ? std::get<std::int64_t>(arguments[2].value) : INT64_MAX;
  if (start < 0 || wanted < 0) return std::string("substr() takes no negative numbers");
  if (static_cast<std::size_t>(start) >= in.size()) return text("");
  return text(in.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(wanted)));
}

Answer toNumber(const Arguments& arguments, const Scope&) {
  if (arguments[0].text() == nullptr) {
    const bool isNumber = arguments[0].value.index() == 2 || arguments[0].value.index() == 3;
    if (isNumber) return arguments[0];
    return "number() can't read " + std::string(arguments[0].kindName());
  }
  const std::string& in = textAt(arguments, 0);
  const char* end = in.data() + in.size();
  std::int64_t whole = 0;
  double number = 0;
  if (const auto got = std::from_chars(in.data(), end, whole); got.ec == std::errc() && got.ptr == end)
    return Datum{.value = whole};
  if (const auto got = std::from_chars(in.data(), end, number); got.ec == std::errc() && got.ptr == end)
    return Datum{.value = number};
  return std::string("number() can't read this text as a number");
}

Answer toText(const Arguments& arguments, const Scope&) {
  return text(datumText(arguments[0]));
}

Answer trim(const Arguments& arguments, const Scope&) {
  const std::string& in = textAt(arguments, 0);
  const std::size_t first = in.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return text("");
  return text(in.substr(first, in.find_last_not_of(" \t\r\n") - first + 1));
}

}  // namespace cairn::host::function_bodies
