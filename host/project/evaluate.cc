#include "host/project/evaluate.h"

#include "host/project/functions.h"
#include "host/project/inside_project.h"
#include "host/project/near_names.h"
#include "host/project/text_file.h"

#include <algorithm>
#include <functional>

namespace cairn::host {
namespace {

using Worth = Result<Datum, Fault>;

Datum text(std::string value) {
  return {.value = std::move(value)};
}

Datum mapOfTexts(std::initializer_list<std::pair<const std::string, std::string>> entries) {
  Datum::Map map;
  for (const auto& [name, value] : entries) map[name] = text(value);
  return {.value = std::move(map)};
}

Datum datumOfGit(const GitFacts& facts) {
  const std::string& ref = !facts.tag.empty()      ? facts.tag
                           : !facts.branch.empty() ? facts.branch
                                                   : facts.commit;
  Datum out = mapOfTexts({{"commit", facts.commit},
                          {"short", facts.shortCommit()},
                          {"branch", facts.branch},
                          {"ref", ref},
                          {"tag", facts.tag},
                          {"pretty", facts.pretty},
                          {"ref_pretty", facts.pretty},
                          {"commit_time", facts.commitTime},
                          {"remote", facts.remote}});
  std::get<Datum::Map>(out.value)["dirty"] = {.value = facts.dirty};
  return out;
}

template <typename Map>
std::vector<std::string> namesOf(const Map& map) {
  std::vector<std::string> out;
  for (const auto& entry : map) out.push_back(entry.first);
  return out;
}

std::size_t sizeOf(const Datum& datum) {
  std::size_t size = sizeof datum;
  if (const auto* text = datum.text()) size += text->size();
  if (const auto* list = datum.list()) {
    for (const Datum& item : *list) size += sizeOf(item);
  }
  if (const auto* map = datum.map()) {
    for (const auto& [name, item] : *map) size += name.size() + sizeOf(item);
  }
  return size;
}

// What is left of what one string may cost.
class Budget {
 public:
  bool take(std::size_t bytes) {
    const bool enough = bytes <= bytes_;
    bytes_ -= std::min(bytes, bytes_);
    return enough;
  }
  bool takeFile() { return files_-- > 0; }

 private:
  std::size_t bytes_ = kMostBytesMade;
  int files_ = kMostFilesRead;
};

Fault tooMuchMade(std::size_t offset) {
  return {.offset = offset,
          .message = "the values that are made on the way here have more than " +
                     std::to_string(kMostBytesMade >> 20) + " MiB",
          .hint = "let a hook make what is so large, as a file"};
}

Worth worthOfText(std::string_view written, const Scope& scope, Budget& budget, int depth);

class Evaluation {
 public:
  Evaluation(const Scope& scope, Budget& budget, int depth) : scope_(scope), budget_(budget), depth_(depth) {}

  Worth worth(const Expression& expression) const {
    Worth made = make(expression);
    if (made && !budget_.take(sizeOf(*made))) return tooMuchMade(expression.offset);
    return made;
  }

 private:
  Worth make(const Expression& expression) const {
    switch (expression.kind) {
      case Expression::Kind::Literal:
        return Datum(expression.literal);
      case Expression::Kind::Name:
        return worthOfName(expression);
      case Expression::Kind::Member:
        return worthOfMember(expression);
      case Expression::Kind::Index:
        return worthOfIndex(expression);
      case Expression::Kind::Call:
        return worthOfCall(expression);
      case Expression::Kind::List:
        return worthOfList(expression);
      case Expression::Kind::Map:
        return worthOfMap(expression);
    }
    return Datum();
  }

  Worth worthOfName(const Expression& name) const {
    if (const auto extra = scope_.extra.find(name.name); extra != scope_.extra.end())
      return Datum(extra->second);
    if (name.name == "app") return text(scope_.app);
    if (name.name == "project") return text(scope_.project);
    if (name.name == "workspace") return text(scope_.workspace);
    if (name.name == "git") return worthOfGit(name);
    if (name.name == "var") return worthOfVariables();
    if (name.name == "labels") return worthOfLabels();
    if (name.name == "env") return worthOfEnvironment();
    if (const auto output = scope_.outputs.find(name.name); output != scope_.outputs.end())
      return Datum(output->second);
    std::vector<std::string> known = {"var", "git", "app", "project", "workspace", "labels", "env"};
    for (const auto& names : {namesOf(scope_.outputs), namesOf(scope_.extra)})
      known.insert(known.end(), names.begin(), names.end());
    return Fault{.offset = name.offset,
                 .message = "there is nothing named '" + name.name + "' here",
                 .hint = nameHint(name.name, known)};
  }

  Worth worthOfGit(const Expression& name) const {
    if (scope_.git == nullptr) return Fault{.offset = name.offset, .message = "git can't be asked here"};
    const auto& facts = scope_.git->facts();
    if (facts) return datumOfGit(*facts);
    return Fault{.offset = name.offset,
                 .message = facts.error().message,
                 .hint = facts.error().hint,
                 .code = facts.error().code,
                 .kind = facts.error().kind};
  }

  Datum worthOfVariables() const {
    Datum::Map map;
    for (const auto& [name, variable] : scope_.variables) map[name] = variable.value;
    return {.value = std::move(map)};
  }

  Datum worthOfLabels() const {
    Datum::Map map;
    for (const auto& [name, value] : scope_.labels) map[name] = text(value);
    return {.value = std::move(map)};
  }

  Datum worthOfEnvironment() const {
    Datum::Map map;
    for (const std::string& name : scope_.environmentAllowed) {
      if (!scope_.environment) continue;
      if (auto value = scope_.environment(name)) map[name] = text(*value);
    }
    return {.value = std::move(map)};
  }

  // app, project and workspace are texts by themselves, and have parts.
  std::optional<Datum> placePart(const Expression& member) const {
    const Expression& base = member.children[0];
    if (base.kind != Expression::Kind::Name || scope_.extra.count(base.name) > 0) return std::nullopt;
    const bool isApp = base.name == "app", isProject = base.name == "project";
    if (member.name == "name" && isApp) return text(scope_.app);
    if (member.name == "name" && isProject) return text(scope_.project);
    if (member.name == "name" && base.name == "workspace") return text(scope_.workspace);
    if (member.name == "path" && isApp) return text(scope_.appPath.string());
    if (member.name == "path" && isProject) return text(scope_.projectPath.string());
    return std::nullopt;
  }

  Worth worthOfMember(const Expression& member) const {
    if (auto part = placePart(member)) return std::move(*part);
    // One variable is taken without copying all of them.
    const Expression& base = member.children[0];
    if (base.kind == Expression::Kind::Name && base.name == "var" && scope_.extra.count("var") == 0) {
      const auto found = scope_.variables.find(member.name);
      if (found != scope_.variables.end()) return Datum(found->second.value);
    }
    if (base.kind == Expression::Kind::Name && base.name == "env" && scope_.anyEnvironment &&
        scope_.environment) {
      if (auto value = scope_.environment(member.name)) return text(std::move(*value));
    }
    Worth whole = worth(base);
    if (!whole) return whole;
    return keyOf(*whole, member.name, member.offset);
  }

  static Worth keyOf(const Datum& whole, const std::string& key, std::size_t offset) {
    if (std::holds_alternative<Unknown>(whole.value)) return Datum(whole);
    const auto* map = whole.map();
    if (map == nullptr) {
      return Fault{
          .offset = offset,
          .message = "'" + key + "' is asked of " + std::string(whole.kindName()) + ", which has no parts",
          .missing = std::holds_alternative<std::nullptr_t>(whole.value)};
    }
    const auto found = map->find(key);
    if (found == map->end()) {
      return Fault{.offset = offset,
                   .message = "there is no '" + key + "' in it",
                   .hint = nameHint(key, namesOf(*map)),
                   .missing = true};
    }
    return tainted(found->second, whole.secret);
  }

  Worth worthOfIndex(const Expression& expression) const {
    Worth whole = worth(expression.children[0]);
    if (!whole) return whole;
    Worth index = worth(expression.children[1]);
    if (!index) return index;
    const bool secret = whole->secret || index->secret;
    if (!whole->fullyKnown() && whole->map() == nullptr && whole->list() == nullptr)
      return tainted(Datum::unknown(), secret);
    if (!index->fullyKnown()) return tainted(Datum::unknown(), secret);
    if (const auto* key = index->text()) {
      Worth part = keyOf(*whole, *key, expression.offset);
      return part ? Worth(tainted(std::move(*part), secret)) : part;
    }
    const auto* number = std::get_if<std::int64_t>(&index->value);
    if (whole->list() == nullptr || number == nullptr) {
      return Fault{.offset = expression.offset,
                   .message = std::string(whole->kindName()) + " can't be indexed by " +
                              std::string(index->kindName())};
    }
    if (*number < 0 || *number >= static_cast<std::int64_t>(whole->list()->size())) {
      return Fault{.offset = expression.offset,
                   .message = "there is no element " + std::to_string(*number) + " in a list of " +
                              std::to_string(whole->list()->size()),
                   .missing = true};
    }
    return tainted((*whole->list())[static_cast<std::size_t>(*number)], secret);
  }

  static Datum tainted(Datum datum, bool secret) {
    datum.secret = datum.secret || secret;
    return datum;
  }

  Worth worthOfList(const Expression& expression) const {
    Datum::List list;
    for (const Expression& child : expression.children) {
      Worth item = worth(child);
      if (!item) return item;
      list.push_back(std::move(*item));
    }
    return Datum{.value = std::move(list)};
  }

  Worth worthOfMap(const Expression& expression) const {
    Datum::Map map;
    for (std::size_t i = 0; i < expression.children.size(); ++i) {
      Worth item = worth(expression.children[i]);
      if (!item) return item;
      map[expression.keys[i]] = std::move(*item);
    }
    return Datum{.value = std::move(map)};
  }

  Worth worthOfCall(const Expression& call) const {
    const Function* function = findFunction(call.name);
    if (function == nullptr) {
      return Fault{.offset = call.offset, .message = "there is no function '" + call.name + "'"};
    }
    if (auto fault = checkArgumentCount(*function, call)) return std::move(*fault);
    if (call.name == "if") return worthOfIf(call);
    if (call.name == "default") return worthOfDefault(call);
    Arguments arguments;
    bool known = true, secret = false;
    for (const Expression& child : call.children) {
      Worth argument = worth(child);
      if (!argument) return argument;
      known = known && argument->fullyKnown();
      secret = secret || argument->holdsSecret();
      arguments.push_back(std::move(*argument));
    }
    if (auto fault = checkArgumentTypes(*function, call, arguments)) return std::move(*fault);
    if (!known) return tainted(Datum::unknown(), secret);
    if (function->body == nullptr) return worthOfFile(call, arguments, secret);
    auto answer = function->body(arguments, scope_);
    if (!answer) return Fault{.offset = call.offset, .message = answer.error(), .hint = function->usage};
    return tainted(std::move(*answer), secret);
  }

  Worth worthOfIf(const Expression& call) const {
    Worth condition = worth(call.children[0]);
    if (!condition) return condition;
    if (!condition->fullyKnown()) return tainted(Datum::unknown(), condition->holdsSecret());
    const bool* value = std::get_if<bool>(&condition->value);
    if (value == nullptr) {
      return Fault{.offset = call.children[0].offset,
                   .message = "if() decides by a bool, not by " + std::string(condition->kindName()),
                   .hint = "compare with eq(a, b)"};
    }
    Worth chosen = worth(call.children[*value ? 1 : 2]);
    return chosen ? Worth(tainted(std::move(*chosen), condition->secret)) : chosen;
  }

  Worth worthOfDefault(const Expression& call) const {
    Worth value = worth(call.children[0]);
    if (!value && !value.error().missing) return value;
    const bool empty = !value || std::holds_alternative<std::nullptr_t>(value->value) ||
                       (value->text() != nullptr && value->text()->empty());
    if (!empty) return value;
    const bool secret = value && value->secret;
    Worth other = worth(call.children[1]);
    return other ? Worth(tainted(std::move(*other), secret)) : other;
  }

  Worth worthOfFile(const Expression& call, const Arguments& arguments, bool secret) const {
    const std::string& path = *arguments[0].text();
    const std::size_t offset = call.children[0].offset;
    const auto file = insideProject(path, scope_.projectPath, scope_.projectPath);
    if (!file) {
      return Fault{.offset = offset,
                   .message = "the file \"" + path + "\" is outside the project's folder",
                   .hint = "write an absolute path if that is meant",
                   .code = "outside-project"};
    }
    if (!budget_.takeFile()) {
      return Fault{
          .offset = offset,
          .message = "more than " + std::to_string(kMostFilesRead) + " files are read on the way here",
          .hint = "do templates use each other again and again?"};
    }
    auto content = readTextFile(*file, "\"" + path + "\"");
    if (!content) {
      return Fault{.offset = offset,
                   .message = content.error().message,
                   .hint = content.error().hint,
                   .code = content.error().code};
    }
    if (call.name == "file") return tainted(text(std::move(*content)), secret);
    if (depth_ >= kDeepestTemplate) {
      return Fault{.offset = offset,
                   .message = "templates are nested more than " + std::to_string(kDeepestTemplate) + " deep",
                   .hint = "does \"" + path + "\" use itself?"};
    }
    if (!budget_.take(content->size())) return tooMuchMade(offset);
    Scope inner = scope_;
    if (arguments.size() > 1) {
      for (const auto& [name, value] : *arguments[1].map()) inner.extra[name] = value;
    }
    Worth rendered = worthOfText(*content, inner, budget_, depth_ + 1);
    if (!rendered) {
      return Fault{.offset = offset,
                   .message = "in \"" + path + "\" at byte " + std::to_string(rendered.error().offset) +
                              ": " + rendered.error().message,
                   .hint = rendered.error().hint,
                   .code = rendered.error().code};
    }
    if (!rendered->fullyKnown()) return tainted(Datum::unknown(), secret || rendered->holdsSecret());
    return tainted(text(datumText(*rendered)), secret || rendered->holdsSecret());
  }

  const Scope& scope_;
  Budget& budget_;
  int depth_;
};

Worth worthOfText(std::string_view written, const Scope& scope, Budget& budget, int depth) {
  auto parsed = parseText(written);
  if (!parsed) return std::move(parsed).error();
  const Evaluation evaluation(scope, budget, depth);
  if (parsed->isWhole()) return evaluation.worth(parsed->parts[0].expression);
  std::string out;
  bool known = true, secret = false;
  for (const TextPart& part : parsed->parts) {
    if (!part.isExpression) {
      out += part.text;
      continue;
    }
    auto worth = evaluation.worth(part.expression);
    if (!worth) return worth;
    known = known && worth->fullyKnown();
    secret = secret || worth->holdsSecret();
    out += datumText(*worth);
  }
  Datum datum = known ? text(std::move(out)) : Datum::unknown();
  datum.secret = secret;
  return datum;
}

}  // namespace

Result<Datum, Fault> evaluateExpression(const Expression& expression, const Scope& scope) {
  Budget budget;
  return Evaluation(scope, budget, 0).worth(expression);
}

Result<Datum, Fault> evaluateText(std::string_view written, const Scope& scope) {
  Budget budget;
  return worthOfText(written, scope, budget, 0);
}

}  // namespace cairn::host
