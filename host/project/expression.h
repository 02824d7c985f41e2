#pragma once
// Strings with ${…}, taken apart.
//
//   text  = { any character | "$${" (stands for "${") | "${" value "}" }
//   value = primary { "." name | "[" value "]" }
//   primary = "text" | 'text' | number | true | false | null | name [ "(" values ")" ]
//           | "[" values "]" | "{" name "=" value { "," … } "}"

#include <cairn/base/result.h>

#include "host/project/datum.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::host {

// What is wrong with an expression, and at which byte of the string.
struct Fault {
  std::size_t offset = 0;
  std::string message;
  std::string hint;
  std::string code = "bad-expression";
  ErrorKind kind = ErrorKind::Config;
  bool missing = false;  // a key or element that isn't there: default() forgives it
};

struct Expression {
  enum class Kind { Literal, Name, Member, Index, Call, List, Map };
  Kind kind = Kind::Literal;
  std::size_t offset = 0;
  Datum literal;                     // of a Literal
  std::string name;                  // of a Name, Member or Call
  std::vector<std::string> keys;     // of a Map, one a child
  std::vector<Expression> children;  // the base of Member and Index first; arguments; elements
  int height = 1;                    // of the tree that it is the root of; has a limit
};

struct TextPart {
  std::string text;  // used where there is no expression
  bool isExpression = false;
  Expression expression;
};

struct TextTemplate {
  std::vector<TextPart> parts;
  // The whole string is one expression, whose type the value keeps.
  bool isWhole() const { return parts.size() == 1 && parts[0].isExpression; }
};

// Whether there is anything to take apart.
inline bool holdsExpression(std::string_view text) {
  return text.find("${") != std::string_view::npos;
}

Result<TextTemplate, Fault> parseText(std::string_view text);

}  // namespace cairn::host
