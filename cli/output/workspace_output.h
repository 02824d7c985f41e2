#pragma once
// Completes the commands that hints name with the workspace that the user is in: who wrote the hint, a plugin
// perhaps, can't know it, and the same words in another workspace would act on that one.

#include <string>
#include <string_view>

#include "cli/output/output.h"

namespace cairn::cli {

// "'cairn up' deploys it anew" in the workspace prod: "'cairn -w prod up' deploys it anew". Commands stand in
// '…' or `…`; one that names its workspace, or works in none, stays as it is. Empty and "default": `text`.
std::string inWorkspace(std::string_view text, std::string_view workspace);

// Passes everything on to `output`, which must outlive it.
class WorkspaceOutput final : public Output {
 public:
  WorkspaceOutput(Output& output, std::string workspace)
      : output_(output), workspace_(std::move(workspace)) {}

  void event(wire::Event::Reader event) override;
  bool isJson() const override { return output_.isJson(); }
  void lines(const Lines& lines) override { output_.lines(lines); }
  void json(std::string_view object) override { output_.json(object); }
  void table(const Table& table) override { output_.table(table); }
  void failure(const Failure& failure) override;
  void warning(const Error& error) override { output_.warning(completed(error)); }
  int columns() const override { return output_.columns(); }
  bool isLive() const override { return output_.isLive(); }
  void tick() override { output_.tick(); }

 private:
  Error completed(Error error) const;

  Output& output_;
  const std::string workspace_;
};

}  // namespace cairn::cli
