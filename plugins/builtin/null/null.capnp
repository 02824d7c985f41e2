@0xb4f1d0c95a3e7262;
# The values of the plugin that does nothing, and the settings that make it do it badly.

using Cxx = import "/capnp/c++.capnp";
using Cairn = import "/cairn/annotations.capnp";
$Cxx.namespace("cairn::plugins::null");

struct Build $Cairn.type("null.Build") {
  text @0 :Text;
  counter @1 :UInt32;      # every stage and every mapper adds one
  padding @2 :Data;        # makes the value as large as `value_bytes` says
}

struct Artifact $Cairn.type("null.Artifact") {
  # What the registry takes. Other plugins' values become one by a mapper.
  text @0 :Text;
  counter @1 :UInt32;
  origin @2 :Text;         # name of the type it was made from
}

struct Image $Cairn.type("null.Image") {
  text @0 :Text;
  counter @1 :UInt32;
  digest @2 :Text;         # "sha256:<hex>" of the text
}

struct Deployment $Cairn.type("null.Deployment") {
  text @0 :Text;
  counter @1 :UInt32;
  deploymentId @2 :Text;
  url @3 :Text;
}

struct Release $Cairn.type("null.Release") {
  text @0 :Text;
  counter @1 :UInt32;
  deploymentId @2 :Text;
  url @3 :Text;
}

struct Settings {
  # The same for all its components.
  text @0 :Text $Cairn.doc("What the value says.");
  fail @1 :Text $Cairn.mayHoldSecret $Cairn.doc("Fail with this message.");
  refuse @2 :Text $Cairn.mayHoldSecret $Cairn.doc("Refuse with this message.");
  failCheck @3 :Text $Cairn.mayHoldSecret $Cairn.doc("Fail the check before the run with this message.");
  sleepMs @4 :UInt32 $Cairn.doc("Wait so many milliseconds, but not in a destroy; ends early when cancelled.");
  ignoreCancel @5 :Bool $Cairn.doc("Wait on when cancelled.");
  print @6 :Text $Cairn.mayHoldSecret $Cairn.doc("Write this line to the standard output.");
  printError @7 :Text $Cairn.mayHoldSecret $Cairn.doc("Write this line to the standard error.");
  output @8 :Text $Cairn.mayHoldSecret $Cairn.doc("Give this line to the terminal as raw output.");
  outputBytes @9 :UInt64 $Cairn.doc("Give so many bytes of raw output, in lines of 64.");
  steps @10 :UInt32 $Cairn.doc("Show so many steps.");
  exitCode @11 :Int32 = -1 $Cairn.doc("End the plugin's process with this code in the middle of the call.");
  signal @12 :Int32 $Cairn.doc("End the plugin's process by this signal in the middle of the call.");
  throw @13 :Text $Cairn.mayHoldSecret $Cairn.doc("Throw an exception with this text.");
  valueBytes @14 :UInt64 $Cairn.doc("Make the builder's value larger by so many bytes.");
  resources @15 :UInt32 = 1 $Cairn.doc("How many resources a deployment makes: files under the plugin's data folder.");
  secret @16 :Text $Cairn.secret $Cairn.doc("Written to the terminal and to the log, to be seen masked.");
  readSecret @17 :Text $Cairn.doc("Ask the host for the secret of this name, and write it to the log.");
  failAfter @18 :UInt32 $Cairn.doc("Fail a deployment after so many of its resources were made; 0: never.");
  logLines @19 :UInt32 = 3 $Cairn.doc("How many lines a deployment's log has.");
  background @20 :Text $Cairn.doc("Start this shell command and wait neither for it nor for its end.");
}
