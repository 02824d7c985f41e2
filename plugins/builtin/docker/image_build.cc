#include "image_build.h"

#include "credential_helper.h"
#include "images.h"
#include "json_fields.h"
#include "json_lines.h"
#include "log_frames.h"

#include <nlohmann/json.hpp>

#include <deque>
#include <optional>

namespace cairn::plugins::docker {
namespace {

constexpr std::size_t kTailLines = 20;

// The engine paints what a RUN line wrote to stderr red, and ends that at the start of the next line.
std::string_view withoutEnginesColour(std::string_view line) {
  for (std::string_view mark : {"\x1b[0m", "\x1b[91m"}) {
    if (line.substr(0, mark.size()) == mark) line.remove_prefix(mark.size());
  }
  return line;
}

// Ids of layers and of containers that are no more when one could look at them.
bool isChatter(std::string_view line) {
  return line == " ---> " || line.substr(0, 17) == " ---> Running in " ||
         line.substr(0, 32) == "Removing intermediate container " ||
         (line.substr(0, 6) == " ---> " && line.size() == 18 &&
          line.find_first_not_of("0123456789abcdef", 6) == line.npos);
}

// What the engine tells while it builds: "Step 2/5 : RUN make" begins a step, all else is output.
class BuildView {
 public:
  BuildView(const Call& call, bool quiet)
      : call_(call), quiet_(quiet), lines_([this](Stream, std::string_view line) { takeLine(line); }) {}

  void take(const Json& message) {
    if (auto text = message.find("stream"); text != message.end() && text->is_string()) {
      lines_.feed(Stream::Stdout, text->get<std::string>());
    } else if (auto status = message.find("status");
               status != message.end() && status->is_string() && !message.contains("progressDetail")) {
      lines_.feed(Stream::Stdout, status->get<std::string>() + "\n");
    } else if (auto aux = message.find("aux"); aux != message.end() && aux->is_object()) {
      id_ = textAt(*aux, "ID", id_);
    }
  }
  void fail() {
    lines_.finish();
    if (step_) step_->fail();
  }
  std::string tail() const {
    std::string out;
    for (const std::string& line : tail_) out += line + "\n";
    return out;
  }
  const std::string& id() const { return id_; }

 private:
  void takeLine(std::string_view line) {
    line = withoutEnginesColour(line);
    if (isChatter(line)) return;
    if (line.substr(0, 5) == "Step ") tail_.clear();  // what failed is in the last one
    show(line);
    tail_.emplace_back(line);
    if (tail_.size() > kTailLines) tail_.pop_front();
  }

  void show(std::string_view line) {
    if (quiet_) return;
    const auto colon = line.find(" : ");
    if (line.substr(0, 5) == "Step " && colon != line.npos) {
      title_ = std::string(line.substr(5, colon - 5)) + " " + std::string(line.substr(colon + 3));
      step_.reset();
      step_.emplace(call_.step(title_));
    } else if (line == " ---> Using cache") {
      if (step_) step_->done(title_ + " (cached)");
    } else {
      call_.output(Stream::Stdout, std::string(line) + "\n");
    }
  }

  const Call& call_;
  const bool quiet_;
  LineSplitter lines_;
  std::optional<Step> step_;
  std::string title_;  // of step_
  std::deque<std::string> tail_;
  std::string id_;
};

Result<std::string> jsonObject(const std::vector<std::pair<std::string, std::string>>& entries) {
  Json out = Json::object();
  for (const auto& [name, value] : entries) out[name] = value;
  return jsonText(out);
}

Result<Target> buildTarget(const BuildContext& context, const BuildRequest& request) {
  Target out = Target("/build")
                   .with("t", request.tag)
                   .with("dockerfile", context.dockerfileName())
                   .with("rm", "1")
                   .with("forcerm", "1");
  if (!request.args.empty()) out.with("buildargs", CAIRN_TRY(jsonObject(request.args)));
  if (!request.labels.empty()) out.with("labels", CAIRN_TRY(jsonObject(request.labels)));
  if (!request.target.empty()) out.with("target", request.target);
  if (!request.platform.empty()) out.with("platform", request.platform);
  if (request.noCache) out.with("nocache", "1");
  if (request.pull) out.with("pull", "1");
  return out;
}

}  // namespace

Result<std::string> buildImage(const Call& call, const Engine& engine, const BuildContext& context,
                               const BuildRequest& request) {
  const Target target = CAIRN_TRY(buildTarget(context, request));
  CredentialHelpers helpers(call.cancelFd());
  const std::string registries = CAIRN_TRY(encodeRegistryConfig(
      dockerConfigFolder(), helpers, [&](const std::string& why) { call.log(LogLevel::Warn, why); }));
  const EngineRequest http{.method = "POST",
                           .target = target.text(),
                           .headers = {{"X-Registry-Config", registries}},
                           .contentType = "application/x-tar",
                           .writeBody = [&](const std::function<Result<void>(std::string_view)>& sink) {
                             return context.write(sink);
                           }};
  BuildView view(call, request.quiet);
  JsonLines lines([&](const Json& message) { view.take(message); });
  auto streamed = engine.stream(http, [&](std::string_view bytes) { lines.feed(bytes); });
  lines.finish();
  const bool refused = !streamed && streamed.error().code == "docker/engine-error";
  if (!streamed && !refused) {
    view.fail();
    return std::move(streamed).error();
  }
  if (refused || !lines.error().empty()) {
    view.fail();
    return Error{.kind = ErrorKind::Failed,
                 .code = "docker/build-failed",
                 .message = "the build of " + request.tag +
                            " failed: " + (refused ? streamed.error().message : lines.error()),
                 .hint = "look at the line of the Dockerfile that was its last step",
                 .detail = view.tail()};
  }
  if (!view.id().empty()) return view.id();
  auto image = CAIRN_TRY(findImage(engine, request.tag));  // an older engine doesn't say the id
  if (image) return image->id;
  return Error{.kind = ErrorKind::Failed,
               .code = "docker/build-failed",
               .message = "the build ended without an image",
               .detail = view.tail()};
}

}  // namespace cairn::plugins::docker
