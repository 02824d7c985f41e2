#pragma once
// The real `cairn` of this build, in a house of its own: a project folder and private state and cache
// folders.
//
//   CairnHouse house;
//   house.write("cairn.toml", "project = …");
//   const Ran up = house.cairn({"up"});        // up.code, up.out, up.err
//   EXPECT_EQ(house.leftBehind(), "");         // after a destroy: no process, no file but the records

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cairn::testing {

struct Ran {
  int code = -1;  // 128 + signal where one ended it
  std::string out, err;
  std::string all() const { return "exit code " + std::to_string(code) + "\n" + out + err; }
};

class CairnHouse {
 public:
  CairnHouse();
  ~CairnHouse();
  CairnHouse(const CairnHouse&) = delete;

  std::filesystem::path project() const { return folder_ / "project"; }
  void setEnvironment(const std::string& name, const std::string& value) { environment_[name] = value; }
  // Makes the folders above it too; `file` is below project().
  void write(const std::string& file, const std::string& text) const;
  void copy(const std::filesystem::path& from, const std::string& file) const;

  // Runs it in the project's folder to its end, with `input` as its stdin.
  Ran cairn(std::vector<std::string> arguments, const std::string& input = {}) const;
  // What it takes to run it otherwise.
  std::vector<std::string> commandLine(std::vector<std::string> arguments) const;
  std::vector<std::string> environment() const;
  // The address in the release that serves `app`; empty where none does.
  std::string urlOf(const std::string& app) const;
  // Processes that still run with a path of this house in their command line, those that are about to end
  // waited for, and files in the state folder beside the records; a line each.
  std::string leftBehind() const;

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::string> environment_;
};

}  // namespace cairn::testing
