#include "host/project/mapper_types_walk.h"

#include "host/project/expression_check.h"

#include <cctype>
#include <optional>

namespace cairn::host {
namespace {

// "Image" of "oci.Image", as a role is written: "image", "sourceTree" becomes "source_tree".
std::string roleOfType(const std::string& type) {
  std::string out;
  for (char c : type.substr(type.rfind('.') + 1)) {
    const bool upper = std::isupper(static_cast<unsigned char>(c)) != 0;
    if (upper && !out.empty()) out += '_';
    out += upper ? static_cast<char>(std::tolower(static_cast<unsigned char>(c))) : c;
  }
  return out;
}

class TypesReader {
 public:
  TypesReader(TableWalk& walk, MapperDeclaration& out, Errors& errors)
      : walk_(walk), out_(out), errors_(errors) {}

  void read() {
    const SettingsNode* from = walk_.any("from");
    const SettingsNode* inputs = walk_.any("inputs");
    if (from != nullptr && inputs != nullptr) {
      walk_.fail(inputs->position, "one-of", "'" + walk_.pathOf("inputs") + "' can't be set beside 'from'",
                 "several inputs are named in `inputs` alone", "inputs");
    } else if (from != nullptr) {
      readInput(*from, "from", "");
    } else if (inputs != nullptr) {
      readInputs(*inputs);
    } else {
      walk_.missing("from", "name the type that it takes, such as from = \"oci.Image\"");
    }
    if (const SettingsNode* to = walk_.any("to")) {
      if (auto type = typeOf(*to, "to")) out_.output = {*type, "", to->position};
    } else {
      walk_.missing("to", "name the type that it makes, such as to = \"oci.Image\"");
    }
  }

 private:
  // By role, { image = "oci.Image", signature = "cosign.Signature" }, or a list whose roles are the types'
  // own names.
  void readInputs(const SettingsNode& inputs) {
    if (const auto* table = inputs.table()) {
      for (const SettingsEntry& entry : *table) {
        if (const std::string problem = variableNameProblem(entry.name); !problem.empty())
          walk_.fail(entry.position, "bad-name", "'" + entry.name + "' is no name for an input: " + problem,
                     "", "inputs");
        readInput(entry.value, "inputs." + entry.name, entry.name);
      }
    } else if (const auto* list = inputs.list()) {
      for (std::size_t i = 0; i < list->size(); ++i) {
        const SettingsNode& item = (*list)[i];
        readInput(item, "inputs[" + std::to_string(i) + "]",
                  item.text() != nullptr ? roleOfType(*item.text()) : "");
      }
      checkRoles();
    } else {
      errors_.push_back(wrongType(inputs, walk_.pathOf("inputs"), "a table of types by role"));
      return;
    }
    const bool empty = inputs.table() != nullptr ? inputs.table()->empty() : inputs.list()->empty();
    if (empty)
      walk_.fail(inputs.position, "bad-value", "'" + walk_.pathOf("inputs") + "' is empty",
                 "a mapper takes at least one value", "inputs");
  }

  void checkRoles() {
    for (std::size_t i = 0; i < out_.inputs.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (out_.inputs[i].role != out_.inputs[j].role) continue;
        walk_.fail(out_.inputs[i].position, "bad-mapper",
                   "two inputs of '" + walk_.pathOf("inputs") + "' would both be called '" +
                       out_.inputs[i].role + "'",
                   "name them: inputs = { base = \"" + out_.inputs[j].type + "\", app = \"" +
                       out_.inputs[i].type + "\" }",
                   "inputs");
        return;
      }
    }
  }

  void readInput(const SettingsNode& node, const std::string& key, std::string role) {
    if (auto type = typeOf(node, key)) out_.inputs.push_back({*type, std::move(role), node.position});
  }

  std::optional<std::string> typeOf(const SettingsNode& node, const std::string& key) {
    if (node.text() == nullptr) {
      errors_.push_back(wrongType(node, walk_.pathOf(key), "a type's name"));
      return std::nullopt;
    }
    const std::string problem = typeNameProblem(*node.text());
    if (problem.empty()) return *node.text();
    walk_.fail(node.position, "bad-value",
               "'" + walk_.pathOf(key) + "' is \"" + *node.text() + "\", which is no type's name: " + problem,
               "types are written like \"oci.Image\"", key);
    return std::nullopt;
  }

  TableWalk& walk_;
  MapperDeclaration& out_;
  Errors& errors_;
};

}  // namespace

void readMapperTypes(TableWalk& walk, MapperDeclaration& out, Errors& errors) {
  TypesReader(walk, out, errors).read();
}

std::string typeNameProblem(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return "a namespace and '.' are missing in front";
  if (dot + 1 == name.size()) return "nothing follows the '.'";
  for (char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 &&
        std::string_view("._-:").find(c) == std::string_view::npos)
      return "only letters, digits, '.', '-', '_' and ':' are allowed";
  }
  return "";
}

}  // namespace cairn::host
