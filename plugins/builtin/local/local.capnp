@0xb3a6d41912aafe1d;
# What the plugin "local" makes, and the settings it takes.

using Cxx = import "/capnp/c++.capnp";
using Cairn = import "/cairn/annotations.capnp";
using V = import "/cairn/value.capnp";
$Cxx.namespace("cairn::plugins::local::wire");

struct Deployment $Cairn.type("local.Deployment") $Cairn.hostLocal {
  # A supervised process on this machine. Its state, log and control socket are in the plugin's data folder, under `shortId`.
  deploymentId @0 :Text;
  shortId @1 :Text;
  project @2 :Text;
  app @3 :Text;
  workspace @4 :Text;
  sequence @5 :UInt32;
  service @6 :Text;        # the name of its supervisor in Call::startService
  host @7 :Text;           # "127.0.0.1"
  port @8 :UInt16;         # what the app was given as PORT
  url @9 :Text;            # empty when the app doesn't listen (probe.kind = "none")
  folder @10 :Text;        # where the app's files are: a copy of its own, removed with it
}

struct Release $Cairn.type("local.Release") $Cairn.hostLocal {
  # The app's stable address, made to lead to a deployment.
  url @0 :Text;            # empty when the app doesn't listen: then there is no address to move
  deploymentId @1 :Text;
  project @2 :Text;
  app @3 :Text;
  workspace @4 :Text;
  turn @5 :UInt64;         # counts the switches of this address: the release with the newest one serves
}

struct PlatformSettings {
  command @0 :List(Text) $Cairn.required $Cairn.doc("The program and its arguments. `./server` is looked for in the app's files, a plain name in PATH.");
  env @1 :List(V.NamedText) $Cairn.map $Cairn.mayHoldSecret $Cairn.doc("Environment variables for the app, beside PATH, HOME, LANG and PORT.");
  port @2 :UInt16 = 0 $Cairn.doc("The loopback port the app listens on; 0 chooses a free one. The app learns it from PORT. A fixed port allows one deployment at a time.");
  dir @3 :Text = "." $Cairn.doc("The folder to run in, relative to the app's files.");
  restart @4 :Restart = always $Cairn.doc("When the app is started again after it ended: always, on-failure or never.");
  backoffMaxMs @5 :UInt32 = 30000 $Cairn.duration $Cairn.doc("The longest wait before it is started again. The first is 200 ms, each next twice as long.");
  graceMs @6 :UInt32 = 10000 $Cairn.duration $Cairn.doc("How long the app has after SIGTERM before it is killed.");
  probe @7 :Probe $Cairn.doc("How to tell that the app is ready.");
  logLimitBytes @8 :UInt64 = 10485760 $Cairn.bytes $Cairn.doc("The size at which a new log file is begun; one older file is kept.");

  enum Restart { always @0; onFailure @1; never @2; }
}

struct Probe {
  kind @0 :Kind = auto $Cairn.doc("auto: http when `path` is set, else tcp. none: the app doesn't listen; it is ready once it has run for `settle`.");
  path @1 :Text $Cairn.doc("Asked with GET; an answer from 200 to 399 means ready.");
  intervalMs @2 :UInt32 = 100 $Cairn.duration $Cairn.doc("The wait between two tries.");
  timeoutMs @3 :UInt32 = 30000 $Cairn.duration $Cairn.doc("How long the app may take until it is ready.");
  settleMs @4 :UInt32 = 1000 $Cairn.duration $Cairn.doc("With kind none: how long it must have run to count as ready.");

  enum Kind { auto @0; tcp @1; http @2; none @3; }
}

struct ReleaserSettings {
  port @0 :UInt16 = 0 $Cairn.doc("The loopback port of the app's stable address; 0 chooses a free one at the first release and keeps it.");
  drainTimeoutMs @1 :UInt32 = 30000 $Cairn.duration $Cairn.doc("How long requests under way at the old deployment have to finish after a switch.");
}
