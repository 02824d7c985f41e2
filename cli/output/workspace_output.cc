#include "cli/output/workspace_output.h"

#include <capnp/message.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "host/project/project.h"

namespace cairn::cli {

namespace {

constexpr std::string_view kProgram = "cairn ";
constexpr std::array<std::string_view, 6> kOfNoWorkspace = {"init",     "explain", "version",
                                                            "validate", "plugin",  "completion"};

// A name that can't be written without quotes is not worth a hint that can't be pasted.
bool isPlain(std::string_view name) {
  return std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; });
}

bool worksInOne(std::string_view command) {
  const std::string_view first = command.substr(0, command.find(' '));
  return !first.empty() && std::islower(static_cast<unsigned char>(first[0])) != 0 &&
         std::find(kOfNoWorkspace.begin(), kOfNoWorkspace.end(), first) == kOfNoWorkspace.end() &&
         command.find(" -w ") == command.npos && command.find("--workspace") == command.npos;
}

bool isHome(std::string_view workspace) {
  return workspace.empty() || workspace == host::kDefaultWorkspace || !isPlain(workspace);
}

}  // namespace

std::string inWorkspace(std::string_view text, std::string_view workspace) {
  if (isHome(workspace)) return std::string(text);
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find(kProgram); at != text.npos; at = text.find(kProgram, at + 1)) {
    if (at == 0 || (text[at - 1] != '\'' && text[at - 1] != '`')) continue;
    const std::size_t begin = at + kProgram.size();
    const std::size_t end = text.find(text[at - 1], begin);
    if (end == text.npos || !worksInOne(text.substr(begin, end - begin))) continue;
    out.append(text.substr(done, begin - done)).append("-w ").append(workspace).append(" ");
    done = begin;
  }
  return out.append(text.substr(done));
}

Error WorkspaceOutput::completed(Error error) const {
  error.hint = inWorkspace(error.hint, workspace_);
  return error;
}

void WorkspaceOutput::failure(const Failure& failure) {
  Failure all = failure;
  for (Error& error : all.errors) error = completed(std::move(error));
  output_.failure(all);
}

void WorkspaceOutput::event(wire::Event::Reader event) {
  if (isHome(workspace_) || !(event.isDiagnostic() || event.isAppFinished())) return output_.event(event);
  capnp::MallocMessageBuilder message;
  message.setRoot(event);
  auto copy = message.getRoot<wire::Event>();
  if (copy.isDiagnostic()) {
    auto diagnostic = copy.getDiagnostic();
    diagnostic.setHint(inWorkspace(diagnostic.asReader().getHint().cStr(), workspace_));
  } else {
    auto finished = copy.getAppFinished();
    finished.setServes(inWorkspace(finished.asReader().getServes().cStr(), workspace_));
  }
  output_.event(copy.asReader());
}

}  // namespace cairn::cli
