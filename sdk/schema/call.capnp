@0xc2b7d90e4a6f1835;
# What the host hands a plugin for one call. Everything here is revoked when the call ends: a later use fails with
# "revoked: <call> has ended". Dropping any of it means nothing to the host; only a Step that is dropped has ended. All
# methods are called by the plugin, from any operation unless they say otherwise, any number of times and several at a time. What the
# host refuses is an exception of type FAILED with its reason: the plugin gives up and hands it on.

using Cxx = import "/capnp/c++.capnp";
using V = import "/cairn/value.capnp";
$Cxx.namespace("cairn::wire");

struct CallContext {
  callId @0 :UInt64;          # unique in this process's life; the argument of Plugin.cancel
  deadlineMs @1 :UInt64;      # from now; 0: none is known
  workDir @2 :Text;          # absolute; a folder of this call's own, which the plugin makes if it wants it; removed when the call ends
  cacheDir @3 :Text;          # absolute; the plugin's, kept between runs: content-addressed files belong here
  dataDir @4 :Text;           # absolute; kept as long as the records: state of what it serves belongs here
  terminal @5 :Terminal;
  journal @6 :Journal;
  services @7 :Services;      # null unless the manifest asks for it
  secrets @8 :Secrets;
  input @9 :Input;            # null but in exec
  arguments @10 :List(Text);  # exec: the command; otherwise empty
  logs @11 :LogOptions;       # logs only
  tty @12 :TtySize;           # exec from a terminal; columns 0 otherwise
}

struct LogOptions {
  follow @0 :Bool;
  tail @1 :UInt32;            # last lines to give first; 0: all
  sinceUnixMs @2 :Int64;      # 0: from the beginning
}

struct TtySize {
  columns @0 :UInt16;
  rows @1 :UInt16;
  term @2 :Text;              # the user's TERM, so that the program draws as their terminal understands; may be empty
}

interface Terminal {
  # What the user sees. The plugin calls it at any time during the call; all of it is also written to the run's events.

  step @0 (title :Text) -> (step :Step);
  # Opens a line "Pushing image …" that shows its state until done or failed. Dropping the Step without either ends it as done; the
  # host can't tell, so that an SDK closes the steps that its author left open by the call's outcome before it answers.

  table @1 (columns :List(Text), rows :List(List(Text))) -> ();
  namedValues @2 (values :List(V.NamedText)) -> ();
  # Both are shown at once: a line for each row, with as many cells as there are columns, or for each value.

  output @3 (stream :Stream, bytes :Data) -> stream;
  # Raw output of a build, a log line or an exec'd program, as it came.

  sync @4 () -> ();
  # Answers when all output before it has been taken. A plugin awaits it before it answers the call.

  log @5 (level :LogLevel, message :Text) -> ();
  # For the curious (-v) and for the log file.

  logLine @6 (line :LogLine) -> stream;
  # One line of the app's own log; the answer of the operation `logs`, and the end of the log when a deploy fails.
}

enum Stream { stdout @0; stderr @1; }
enum LogLevel { trace @0; debug @1; info @2; warn @3; error @4; }

struct LogLine {
  unixMs @0 :Int64;           # 0: not known
  stream @1 :Stream;
  instance @2 :Text;          # which container or process; may be empty
  text @3 :Text;              # without the line's end
}

interface Step {
  # One line of the user's. The first of done and failed stands; what comes after it is not shown.

  progress @0 (current :UInt64, total :UInt64, unit :Text) -> ();
  # `total` 0: not known. `unit`: "bytes", "layers". Each is an event: not more often than anybody can see, some 25 a second.

  update @1 (title :Text) -> ();
  # Another title while it goes on.

  done @2 (title :Text) -> ();
  failed @3 (title :Text) -> ();
  # An empty title keeps the one there is.
}

interface Journal {
  # The host writes these down before it answers, so that whatever dies afterwards, the next command knows what may exist.

  intend @0 (kind :Text, name :Text) -> (resource :UInt64);
  # In deploy and release, before an outside act that makes something; answers when it is on the disk. A name of this kind that is there
  # already gives the same resource. `name` must be derived from the deployment's id, or be looked up by it, so
  # that a lost reply can be found again.

  created @1 (resource :UInt64, id :Text, state :Text) -> ();
  # The thing exists; `id` is what the outside calls it, `state` whatever the plugin needs to find or remove it (no secrets).
  # May be called again with another state.

  removed @2 (resource :UInt64) -> ();
  # It is gone, or turned out never to have been made.

  resources @3 () -> (resources :List(Resource));
  # All that was intended for this deployment and not removed, in that order; for a releaser, by all releases of the app in the
  # workspace. For destroy and status, also after a crash.
}

struct Resource {
  resource @0 :UInt64;
  kind @1 :Text;
  name @2 :Text;
  id @3 :Text;               # empty: intended only; it may or may not exist
  state @4 :Text;
}

interface Services {
  # Starts what must outlive the run. The host journals it as a resource of kind "service" and starts it detached, in a session of
  # its own, with an empty stdin and its output in a file under the plugin's dataDir.

  start @0 (name :Text, argv :List(Text), env :List(V.NamedText), input :Data) -> (service :Service);
  # `name` as in Journal.intend. The program gets just this environment; `input` (secrets, which must not be in argv or on
  # disk) is what it reads from descriptor 3 up to its end.

  # Answers once it was started; whether it works is for the plugin to see.

  find @1 (name :Text) -> (service :Service, running :Bool);
  # The one of this name among Journal.resources; no `service` where there is none.

  stop @2 (name :Text, graceMs :UInt32) -> (wasRunning :Bool);
  # SIGTERM to the process group, after the grace SIGKILL; answers when it is gone and its resource is marked removed. Only processes started here, told apart by pid and start time.
}

struct Service {
  name @0 :Text;
  pid @1 :Int32;
  startTime @2 :UInt64;      # field 22 of /proc/<pid>/stat: with the pid it is unique until the next boot
  outputPath @3 :Text;
  resource @4 :UInt64;
}

interface Secrets {
  get @0 (name :Text) -> (value :Text, found :Bool);
  # A secret that the settings name by reference. Each use is an event; the value is masked in all that this run prints.
}

interface Input {
  # In exec only.

  read @0 (maxBytes :UInt32) -> (bytes :Data);
  # The user's stdin, as much as there is, at most `maxBytes`; empty means its end. Waits; dropping the promise is right.

  resized @1 () -> (size :TtySize);
  # Answers once the user's terminal has another size than it was last told: for exec from a terminal, which asks again after each
  # answer. Where there is no terminal it never answers.
}
