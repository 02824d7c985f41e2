@0xd8f6a2e94b0c7153;
# The one stream of what happens in a run. Terminal, --json, log files and the server all read it. Documented and stable:
# docs/events.md tells each event's JSON.

using Cxx = import "/capnp/c++.capnp";
using Call = import "/cairn/call.capnp";
using P = import "/cairn/plan.capnp";
using R = import "/cairn/record.capnp";
using V = import "/cairn/value.capnp";
$Cxx.namespace("cairn::wire");

struct Event {
  unixMs @0 :Int64;
  run @1 :Text;                         # the run's id
  app @2 :Text;                         # empty: the run as a whole
  stage @3 :Text;                       # "build", "push", "deploy", "release", "destroy", …; empty between stages
  plugin @4 :Text;                      # who said it; empty: the host

  union {
    runStarted @5 :RunStarted;
    runFinished @6 :RunFinished;
    appStarted @7 :Void;
    appFinished @8 :AppFinished;
    stageStarted @9 :StageStarted;
    stageFinished @10 :StageFinished;
    stepStarted @11 :StepStarted;
    stepProgress @12 :StepProgress;
    stepFinished @13 :StepFinished;
    output @14 :Output;
    logLine @15 :Call.LogLine;
    log @16 :Log;
    table @17 :Table;
    namedValues @18 :List(V.NamedText);
    diagnostic @19 :V.Diagnostic;
    resource @20 :ResourceEvent;
    mapped @21 :Mapped;
    secretRead @22 :Text;               # name of a secret that a plugin asked for
  }

  struct RunStarted { command @0 :Text; project @1 :Text; workspace @2 :Text; apps @3 :List(Text); }
  struct RunFinished { outcome @0 :Outcome; durationMs @1 :UInt64; urls @2 :List(V.NamedText); }
  # `stage`, `code`: where it failed, and the error's code. `serves`: what is still reached, "v4 still serves", where it is not done.
  struct AppFinished { outcome @0 :Outcome; reason @1 :Text; url @2 :Text; stage @3 :Text; code @4 :Text; serves @5 :Text; }
  # `sequence` of a stage is the deployment's version, the 4 of "v4", in a deploy, a release and a destroy; 0 elsewhere.
  struct StageStarted { component @0 :Text; recordId @1 :Text; sequence @2 :UInt32; }
  struct StageFinished { outcome @0 :Outcome; recordId @1 :Text; sequence @2 :UInt32; durationMs @3 :UInt64; url @4 :Text; summary @5 :Text; }
  struct StepStarted { step @0 :UInt32; title @1 :Text; }
  struct StepProgress { step @0 :UInt32; title @1 :Text; current @2 :UInt64; total @3 :UInt64; unit @4 :Text; }
  struct StepFinished {
    step @0 :UInt32;
    title @1 :Text;
    ok @2 :Bool;
    durationMs @3 :UInt64;
    cancelled @4 :Bool;                 # it ended because the run was cancelled; `ok` says nothing then
  }
  struct Output { stream @0 :Call.Stream; bytes @1 :Data; }
  struct Log { level @0 :Call.LogLevel; message @1 :Text; }
  struct Table { columns @0 :List(Text); rows @1 :List(List(Text)); }
  struct ResourceEvent { what @0 :What; kind @1 :Text; name @2 :Text; id @3 :Text; enum What { intended @0; created @1; removed @2; } }
  struct Mapped { mapper @0 :Text; output @1 :Text; durationMs @2 :UInt64; gate @3 :Text; }

  enum Outcome { done @0; failed @1; skipped @2; cancelled @3; unchanged @4; }
}
