@0x9b7e1c5d2a8f4036;
# What was done, kept so that it can be shown, released again and destroyed, also when the app, its settings or its plugin have
# changed or gone. Fields are only added: a record written by any version stays readable.

using Cxx = import "/capnp/c++.capnp";
using Schema = import "/capnp/schema.capnp";
using M = import "/cairn/manifest.capnp";
using P = import "/cairn/plan.capnp";
using T = import "/cairn/types.capnp";
using V = import "/cairn/value.capnp";
$Cxx.namespace("cairn::wire");

enum RecordKind { build @0; artifact @1; deployment @2; release @3; }

struct Record {
  id @0 :Text;                          # UUIDv7, minted before the act
  kind @1 :RecordKind;
  project @2 :Text;
  app @3 :Text;
  workspace @4 :Text;
  sequence @5 :UInt32;                  # counts per app, workspace and kind; "v3" for a deployment
  state @6 :State;
  startedUnixMs @7 :Int64;
  finishedUnixMs @8 :Int64;
  actor @9 :Actor;
  runId @10 :Text;
  parent @11 :Text;                     # the record this was made from: deployment ← artifact ← build; release ← deployment
  git @12 :T.GitFacts;
  labels @13 :List(V.NamedText);

  value @14 :V.Value;                   # what the stage returned; typeId 0 while it has not
  schema @15 :Data;                     # SHA-256 that names the schema nodes of `value` and `config` in the store's table
  config @16 :V.Value;                  # effective settings; secret fields are left empty
  secretSettings @17 :List(V.NamedText);  # which those are (dotted), and the expression each is worked out from

  plugin @18 :Plugin;
  component @19 :P.Plan.ComponentUse;   # its plugin index is not used here
  derivation @20 :List(DerivationStep);
  error @21 :V.Diagnostic;              # of a failed or refused record
  url @22 :Text;                        # a deployment's or release's address, where it has one
  destroyedUnixMs @23 :Int64;
  status @24 :T.Status;                 # as last seen
  statusUnixMs @25 :Int64;
  stateText @26 :Text;                  # of an interrupted or refused record: how far it had come
  rollback @27 :Bool;                   # a release of a deployment older than the one that served
  gates @28 :List(P.Plan.Gate);         # passed by this and by all that it was made from

  enum State { running @0; done @1; failed @2; interrupted @3; destroyed @4; destroying @5; refused @6; }
    # refused: a gate or a mapper did not let its input through, and nothing of it was begun

  struct Plugin {
    name @0 :Text;
    version @1 :Text;
    bundleDigest @2 :Data;
    path @3 :Text;
  }

  struct DerivationStep {
    mapper @0 :Text;                    # global id
    inputDigests @1 :List(Data);        # SHA-256 of the values' canonical bytes
    output @2 :V.Value;
    gates @3 :List(Text);
  }
}

struct Actor {
  user @0 :Text;
  host @1 :Text;
  command @2 :Text;                     # without the values of flags that may hold secrets
  pid @3 :Int32;
}
