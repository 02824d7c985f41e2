#include "host/project/function_bodies.h"

#include <algorithm>

namespace cairn::host::function_bodies {
namespace {

bool isNumber(const Datum& datum) {
  return datum.value.index() == 2 || datum.value.index() == 3;
}

double asNumber(const Datum& datum) {
  const auto* whole = std::get_if<std::int64_t>(&datum.value);
  return whole != nullptr ? static_cast<double>(*whole) : std::get<double>(datum.value);
}

bool same(const Datum& a, const Datum& b) {
  return isNumber(a) && isNumber(b) ? asNumber(a) == asNumber(b) : a == b;
}

}  // namespace

Answer concat(const Arguments& arguments, const Scope&) {
  if (!arguments.empty() && arguments[0].list() != nullptr) {
    Datum::List out;
    for (const Datum& argument : arguments) {
      if (argument.list() == nullptr)
        return "concat() joins lists with lists, not with " + std::string(argument.kindName());
      out.insert(out.end(), argument.list()->begin(), argument.list()->end());
    }
    return Datum{.value = std::move(out)};
  }
  std::string out;
  for (const Datum& argument : arguments) {
    if (argument.list() != nullptr || argument.map() != nullptr) {
      return "concat() joins strings with strings, not with " + std::string(argument.kindName());
    }
    out += datumText(argument);
  }
  return Datum{.value = std::move(out)};
}

Answer contains(const Arguments& arguments, const Scope&) {
  const Datum& in = arguments[0];
  const Datum& wanted = arguments[1];
  if (const auto* list = in.list()) {
    return Datum{.value = std::any_of(list->begin(), list->end(),
                                      [&](const Datum& item) { return same(item, wanted); })};
  }
  if (wanted.text() == nullptr)
    return "contains() looks for a string here, not for " + std::string(wanted.kindName());
  if (in.map() != nullptr) return Datum{.value = in.map()->count(*wanted.text()) > 0};
  if (in.text() != nullptr) return Datum{.value = in.text()->find(*wanted.text()) != std::string::npos};
  return "contains() can't look into " + std::string(in.kindName());
}

Answer equal(const Arguments& arguments, const Scope&) {
  return Datum{.value = same(arguments[0], arguments[1])};
}

Answer keys(const Arguments& arguments, const Scope&) {
  Datum::List out;
  for (const auto& [name, item] : *arguments[0].map()) out.push_back({.value = name});
  return Datum{.value = std::move(out)};
}

Answer values(const Arguments& arguments, const Scope&) {
  Datum::List out;
  for (const auto& [name, item] : *arguments[0].map()) out.push_back(item);
  return Datum{.value = std::move(out)};
}

Answer length(const Arguments& arguments, const Scope&) {
  const Datum& in = arguments[0];
  std::size_t count = 0;
  if (in.list() != nullptr)
    count = in.list()->size();
  else if (in.map() != nullptr)
    count = in.map()->size();
  else if (in.text() != nullptr)
    count = in.text()->size();
  else
    return "length() can't measure " + std::string(in.kindName());
  return Datum{.value = static_cast<std::int64_t>(count)};
}

Answer lookup(const Arguments& arguments, const Scope&) {
  const auto found = arguments[0].map()->find(*arguments[1].text());
  if (found != arguments[0].map()->end()) return found->second;
  if (arguments.size() > 2) return arguments[2];
  return "the map has no key '" + *arguments[1].text() + "'";
}

Answer merge(const Arguments& arguments, const Scope&) {
  Datum::Map out;
  for (const Datum& argument : arguments) {
    for (const auto& [name, item] : *argument.map()) out[name] = item;
  }
  return Datum{.value = std::move(out)};
}

Answer negate(const Arguments& arguments, const Scope&) {
  const bool* value = std::get_if<bool>(&arguments[0].value);
  if (value == nullptr) return "not() takes a bool, not " + std::string(arguments[0].kindName());
  return Datum{.value = !*value};
}

}  // namespace cairn::host::function_bodies
