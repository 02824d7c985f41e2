#pragma once
// Tells the mistakes of a file together: those of its keys, and those that planning finds in what could be
// understood of it.

#include <host/project/project.h>

#include <string>
#include <vector>

namespace cairn::host {

class FileMistakes {
 public:
  // `found` is what reading the file said; empty: it is sound. `project` outlives this.
  FileMistakes(const Project& project, Errors found);

  bool none() const { return told_.empty(); }

  // Apps of which a stage, or a mapper between two of them, may be hidden by a mistake: whether their stages
  // can be joined says nothing yet.
  const std::vector<std::string>& appsInDoubt() const { return inDoubt_; }

  // Adds what was found later. Where the file has mistakes, what may only follow from one of them is left
  // out: a second word about the same place, what has no place in the file, and components that a plugin
  // may offer whose table is wrong.
  void add(Errors later);

  // All of them, in the file's order; what has no place comes last.
  Errors take() &&;

 private:
  void doubt(const Error& mistake);
  void doubtAllApps();
  bool followsFromAnother(const Error& later) const;

  const Project& project_;
  Errors told_;
  std::size_t ofFile_;  // how many of `told_` reading the file said
  std::vector<std::string> inDoubt_;
  bool pluginsInDoubt_ = false;
};

}  // namespace cairn::host
