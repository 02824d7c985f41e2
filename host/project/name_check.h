#pragma once
// The names that expressions may use at one place, as far as the file itself tells. For the checks of
// expression_check.h and mapper_expression_check.h only.

#include "host/project/expression.h"
#include "host/project/project.h"

#include <optional>
#include <string>
#include <vector>

namespace cairn::host {

class NameCheck {
 public:
  enum class Place { Stage, Mapper };

  // `more` are names beside those that every place has: outputs of earlier stages, `input`. The project
  // outlives the check.
  NameCheck(const Project& project, const std::vector<std::string>& more, Place place = Place::Stage);

  std::optional<Fault> check(const Expression& expression) const;

 private:
  std::optional<Fault> checkRoot(const Expression& name) const;
  std::optional<Fault> checkMember(const std::string& root, const Expression& member) const;
  static std::optional<Fault> checkCall(const Expression& call);

  const Project& project_;
  Place place_;
  std::vector<std::string> roots_;
  std::vector<std::string> variables_;
};

// Every string of a node by a NameCheck.
class TextCheck {
 public:
  TextCheck(const Project& project, const std::vector<std::string>& more, Errors& errors)
      : project_(project), names_(project, more), errors_(errors) {}

  void check(const SettingsNode& node, const std::string& path);

 private:
  void checkText(const SettingsNode& node, const std::string& path);

  const Project& project_;
  NameCheck names_;
  Errors& errors_;
};

}  // namespace cairn::host
