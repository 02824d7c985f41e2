#pragma once
// Words that all readers of the event stream use for the same thing.

#include <cairn/event.capnp.h>

#include <string>
#include <string_view>

#include "cli/output/line.h"

namespace cairn::cli {

std::string_view outcomeWord(
    wire::Event::Outcome outcome);  // "done", "failed", "skipped", "cancelled", "unchanged"
std::string_view levelWord(wire::LogLevel level);

// "web deploy"; of an event of the run as a whole "".
std::string placeText(wire::Event::Reader event);

// What follows the outcome's word at an app's end: " in deploy (local/app-exited); v4 still serves" where it
// failed, for the error itself stands above; else ": " and the reason, or nothing.
std::string endText(wire::Event::AppFinished::Reader end);

// What a step's progress says: "34.2 MiB of 80.0 MiB", "3 of 12 layers"; empty when it says nothing.
std::string progressText(uint64_t current, uint64_t total, std::string_view unit);

// A plugin's table or named values as lines.
Lines eventTableLines(wire::Event::Table::Reader table);
Lines namedValueLines(capnp::List<wire::NamedText>::Reader values);

// "instance | text", or the text alone where there is but one instance.
Line logLineOf(wire::LogLine::Reader line);

inline std::string_view view(capnp::Text::Reader text) {
  return {text.begin(), text.size()};
}
inline std::string string(capnp::Text::Reader text) {
  return {text.begin(), text.size()};
}

}  // namespace cairn::cli
