#pragma once
// Words for tests: the events of a run, told in a few lines.

#include <capnp/message.h>

#include <functional>
#include <string>

#include "cli/output/output.h"

namespace cairn::cli {

// Moved by hand.
class HandClock final : public Clock {
 public:
  int64_t unixMs() const override { return now; }
  int64_t now = 1'000'000;
};

class EventScript {
 public:
  EventScript(EventSink& sink, HandClock& clock) : sink_(sink), clock_(clock) {}

  void send(const std::string& app, const std::string& stage,
            const std::function<void(wire::Event::Builder)>& fill) {
    capnp::MallocMessageBuilder message;
    auto event = message.initRoot<wire::Event>();
    event.setUnixMs(clock_.now);
    event.setRun("r1");
    event.setApp(app);
    event.setStage(stage);
    fill(event);
    sink_.event(event.asReader());
  }

  void run(const std::string& command, uint32_t apps) {
    send("", "", [&](auto event) {
      auto run = event.initRunStarted();
      run.setCommand(command);
      run.setProject("shop");
      run.setWorkspace("default");
      run.initApps(apps);
    });
  }
  void stage(const std::string& app, const std::string& stage, const std::string& component,
             uint32_t sequence = 0) {
    send(app, stage, [&](auto event) {
      event.initStageStarted().setComponent(component);
      event.getStageStarted().setSequence(sequence);
    });
  }
  void step(const std::string& app, const std::string& stage, uint32_t id, const std::string& title) {
    send(app, stage, [&](auto event) {
      event.initStepStarted().setStep(id);
      event.getStepStarted().setTitle(title);
    });
  }
  void progress(const std::string& app, const std::string& stage, uint32_t id, uint64_t current,
                uint64_t total) {
    send(app, stage, [&](auto event) {
      auto progress = event.initStepProgress();
      progress.setStep(id);
      progress.setCurrent(current);
      progress.setTotal(total);
      progress.setUnit("bytes");
    });
  }
  void stepEnd(const std::string& app, const std::string& stage, uint32_t id, bool ok, uint64_t ms) {
    send(app, stage, [&](auto event) {
      auto end = event.initStepFinished();
      end.setStep(id);
      end.setOk(ok);
      end.setDurationMs(ms);
    });
  }
  void output(const std::string& app, const std::string& stage, const std::string& text) {
    send(app, stage, [&](auto event) {
      event.initOutput().setBytes(kj::arrayPtr(reinterpret_cast<const kj::byte*>(text.data()), text.size()));
    });
  }
  void error(const std::string& app, const std::string& stage, const std::string& code,
             const std::string& message, const std::string& hint = "look at the output") {
    send(app, stage, [&](auto event) {
      auto diagnostic = event.initDiagnostic();
      diagnostic.setKind(wire::Diagnostic::Kind::FAILED);
      diagnostic.setCode(code);
      diagnostic.setMessage(message);
      diagnostic.setHint(hint);
    });
  }
  void stageEnd(const std::string& app, const std::string& stage, wire::Event::Outcome outcome,
                uint32_t sequence, uint64_t ms, const std::string& url = "") {
    send(app, stage, [&](auto event) {
      auto end = event.initStageFinished();
      end.setOutcome(outcome);
      end.setSequence(sequence);
      end.setDurationMs(ms);
      end.setUrl(url);
    });
  }
  void appEnd(const std::string& app, wire::Event::Outcome outcome, const std::string& reason,
              const std::string& url) {
    send(app, "", [&](auto event) {
      auto end = event.initAppFinished();
      end.setOutcome(outcome);
      end.setReason(reason);
      end.setUrl(url);
      if (outcome == wire::Event::Outcome::FAILED) {
        end.setStage("build");
        end.setCode("docker/build-failed");
      }
    });
  }
  void runEnd(wire::Event::Outcome outcome, uint64_t ms) {
    send("", "", [&](auto event) {
      event.initRunFinished().setOutcome(outcome);
      event.getRunFinished().setDurationMs(ms);
    });
  }

 private:
  EventSink& sink_;
  HandClock& clock_;
};

// Two apps: one is released, the other's build fails and a third is skipped for it.
inline void tellStory(EventScript& script) {
  using wire::Event;
  script.run("up", 3);
  script.stage("web", "build", "docker", 4);
  script.stage("api", "build", "docker", 2);
  script.step("web", "build", 1, "Building image");
  script.step("api", "build", 1, "Building image");
  script.output("web", "build", "Step 1/2 : FROM scratch\nStep 2");
  script.output("api", "build", "cc -o api\napi.c:1: \x1b[31merror\x1b[0m\n");
  script.output("web", "build", "/2 : COPY . /\n");
  script.progress("web", "build", 1, 1536, 4096);
  script.stepEnd("api", "build", 1, false, 800);
  script.error("api", "build", "docker/build-failed", "the build ended with 1");
  script.stageEnd("api", "build", Event::Outcome::FAILED, 2, 900);
  script.appEnd("api", Event::Outcome::FAILED, "build failed", "");
  script.appEnd("jobs", Event::Outcome::SKIPPED, "needs api", "");
  script.stepEnd("web", "build", 1, true, 1200);
  script.stageEnd("web", "build", Event::Outcome::DONE, 4, 1300);
  script.stage("web", "release", "local", 3);
  script.stageEnd("web", "release", Event::Outcome::DONE, 3, 61000, "http://127.0.0.1:8000");
  script.appEnd("web", Event::Outcome::DONE, "", "http://127.0.0.1:8000");
  script.runEnd(Event::Outcome::FAILED, 63000);
}

}  // namespace cairn::cli
