#pragma once
// Passes everything on to an Output, and from the first event on makes its spinners turn.

#include <condition_variable>
#include <mutex>
#include <thread>

#include "cli/output/output.h"

namespace cairn::cli {

// Starts its thread with the first event: most commands never need it.
class Ticker final : public Output {
 public:
  explicit Ticker(Output& output) : output_(output) {}
  ~Ticker() override;

  void event(wire::Event::Reader event) override;
  bool isJson() const override { return output_.isJson(); }
  void lines(const Lines& lines) override { output_.lines(lines); }
  void json(std::string_view object) override { output_.json(object); }
  void table(const Table& table) override { output_.table(table); }
  void failure(const Failure& failure) override { output_.failure(failure); }
  void warning(const Error& error) override { output_.warning(error); }
  int columns() const override { return output_.columns(); }
  bool isLive() const override { return output_.isLive(); }

 private:
  void turn();

  Output& output_;
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace cairn::cli
