#include "tests/support/cairn_house.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace cairn::testing {
namespace {

namespace fs = std::filesystem;

std::string readAll(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<char*> pointersTo(const std::vector<std::string>& words) {
  std::vector<char*> out;
  for (const auto& word : words) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

// In the child: never returns.
void become(const std::vector<char*>& argv, const std::vector<char*>& envp, const fs::path& folder,
            const fs::path& files) {
  const int in = ::open((files / "in").c_str(), O_RDONLY);
  const int out = ::open((files / "out").c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
  const int err = ::open((files / "err").c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
  if (::chdir(folder.c_str()) == 0 && ::dup2(in, 0) == 0 && ::dup2(out, 1) == 1 && ::dup2(err, 2) == 2) {
    ::execve(argv[0], argv.data(), envp.data());
  }
  ::_exit(127);
}

// Command lines with `text` in them, by process id.
std::map<pid_t, std::string> processesWith(const std::string& text) {
  std::map<pid_t, std::string> out;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const pid_t pid = std::atoi(entry.path().filename().c_str());
    if (pid <= 0) continue;
    std::string command = readAll(entry.path() / "cmdline");
    std::replace(command.begin(), command.end(), '\0', ' ');
    if (command.find(text) != std::string::npos) out[pid] = command;
  }
  return out;
}

}  // namespace

CairnHouse::CairnHouse() {
  std::string name = (fs::temp_directory_path() / "cairn-house-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("can't make a temporary folder");
  folder_ = name;
  for (const char* part : {"project", "state", "cache", "home", "files", "sanitizers"})
    fs::create_directory(folder_ / part);
  environment_ = {{"PATH", std::getenv("PATH")},
                  {"HOME", folder_ / "home"},
                  {"XDG_STATE_HOME", folder_ / "state"},
                  {"XDG_CACHE_HOME", folder_ / "cache"},
                  {"LC_ALL", "C.UTF-8"},
                  {"USER", "tester"},
                  {"TMPDIR", fs::temp_directory_path()},
                  {"GIT_CEILING_DIRECTORIES", folder_},
                  {"ASAN_OPTIONS", "suppressions=" CAIRN_SOURCE_ROOT "/tests/scenarios/asan.supp:log_path=" +
                                       (folder_ / "sanitizers/report").string()},
                  {"UBSAN_OPTIONS", "log_path=" + (folder_ / "sanitizers/report").string()}};
}

CairnHouse::~CairnHouse() {
  for (const auto& [pid, command] : processesWith(folder_.string())) ::kill(pid, SIGKILL);
  std::error_code ignored;
  for (const auto& report : fs::directory_iterator(folder_ / "sanitizers", ignored)) {
    const std::string text = readAll(report);
    if (text.find("ERROR: ") != std::string::npos || text.find("runtime error: ") != std::string::npos)
      ADD_FAILURE() << text;
  }
  fs::remove_all(folder_, ignored);
}

void CairnHouse::write(const std::string& file, const std::string& text) const {
  fs::create_directories((project() / file).parent_path());
  std::ofstream(project() / file, std::ios::binary) << text;
}

void CairnHouse::copy(const fs::path& from, const std::string& file) const {
  fs::create_directories((project() / file).parent_path());
  fs::copy_file(from, project() / file, fs::copy_options::overwrite_existing);
}

std::vector<std::string> CairnHouse::commandLine(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), CAIRN_BUILD_ROOT "/bin/cairn");
  return arguments;
}

std::vector<std::string> CairnHouse::environment() const {
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment_) variables.push_back(name + "=" + value);
  return variables;
}

Ran CairnHouse::cairn(std::vector<std::string> arguments, const std::string& input) const {
  arguments = commandLine(std::move(arguments));
  const std::vector<std::string> variables = environment();
  const auto argv = pointersTo(arguments), envp = pointersTo(variables);
  // Calls in parallel each have files of their own.
  std::string files = (folder_ / "files" / "XXXXXX").string();
  if (::mkdtemp(files.data()) == nullptr) throw std::runtime_error("can't make a temporary folder");
  std::ofstream(fs::path(files) / "in", std::ios::binary) << input;
  const fs::path folder = project();
  const pid_t pid = ::fork();
  if (pid == 0) become(argv, envp, folder, files);
  int status = 0;
  ::waitpid(pid, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), readAll(fs::path(files) / "out"),
          readAll(fs::path(files) / "err")};
}

std::string CairnHouse::urlOf(const std::string& app) const {
  std::istringstream lines(cairn({"status", "--json"}).out);
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (json.is_object() && json.value("app", "") == app && json.contains("url") && json["url"].is_string())
      return json["url"];
  }
  return "";
}

std::string CairnHouse::leftBehind() const {
  std::string out;
  auto processes = processesWith(folder_.string());
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!processes.empty() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    processes = processesWith(folder_.string());
  }
  for (const auto& [pid, command] : processes)
    out += "process " + std::to_string(pid) + ": " + command + "\n";
  const fs::path data = folder_ / "state" / "cairn" / "data";
  if (!fs::exists(data)) return out;
  for (const auto& entry : fs::recursive_directory_iterator(data)) {
    if (!entry.is_directory()) out += "file " + entry.path().string() + "\n";
  }
  return out;
}

}  // namespace cairn::testing
