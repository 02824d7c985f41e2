#pragma once
// What the two readers for people have in common: answers and failures as text.

#include "cli/output/error_text.h"
#include "cli/output/output.h"

namespace cairn::cli {

class TextOutput : public Output {
 public:
  TextOutput(TextSink& out, TextSink& err, const Masker& masker, OutputStyle style)
      : out_(out), err_(err), masker_(masker), style_(style) {}

  bool isJson() const override { return false; }
  void json(std::string_view) override {}
  void lines(const Lines& lines) override { out_.write(masked(lines)); }
  void table(const Table& table) override { lines(tableLines(table, columns())); }
  void failure(const Failure& failure) override {
    for (const Error& error : failure.errors) err_.write(masked(errorLines(error)));
  }
  void warning(const Error& error) override { err_.write(masked(errorLines(error, "warning"))); }

 protected:
  std::string masked(const Lines& lines) const { return masker_.mask(renderLines(lines, style_.colour)); }
  std::string masked(std::string_view text) const { return masker_.mask(text); }

  TextSink& out_;
  TextSink& err_;
  const Masker& masker_;
  const OutputStyle style_;
};

}  // namespace cairn::cli
