@0xbd0b6a1f4f7a3e02;
# What a plugin is and can do. The host caches it by the digest of the plugin's bundle, and plans with it alone.

using Cxx = import "/capnp/c++.capnp";
using Schema = import "/capnp/schema.capnp";
$Cxx.namespace("cairn::wire");

struct Manifest {
  name @0 :Text;                          # "docker": what `use` names
  version @1 :Text;                       # semantic version
  description @2 :Text;                   # one line
  protocolMajors @3 :List(UInt16);
  features @4 :List(Text);                # names the other side may ignore
  schemaNodes @5 :List(Schema.Node);      # all that types and settings need, sorted by id
  types @6 :List(Type);
  components @7 :List(Component);
  mappers @8 :List(Mapper);
  needs @9 :Needs;

  struct Type {
    id @0 :UInt64;
    name @1 :Text;
    doc @2 :Text;
    hostLocal @3 :Bool;
    digest @4 :Data;                      # SHA-256 over its canonical schema nodes
  }

  struct Component {
    kind @0 :Kind;
    name @1 :Text;                        # what `use` names; the plugin's name unless it offers several of a kind
    doc @2 :Text;
    settingsType @3 :UInt64;              # a struct among schemaNodes; 0: takes no settings
    operations @4 :List(Operation);
    checks @5 :Bool;                      # has a check to be called before the first act
    defaultReleaser @6 :Text;             # a platform's: the releaser that serves an app without [release]; may be empty

    enum Kind { builder @0; registry @1; platform @2; releaser @3; }
  }

  struct Operation {
    name @0 :Name;
    inputs @1 :List(Input);
    output @2 :UInt64;                    # type id; 0: none

    enum Name { build @0; push @1; deploy @2; release @3; destroy @4; status @5; logs @6; exec @7; }
  }

  struct Input {
    type @0 :UInt64;
    role @1 :Text;                        # tells two inputs of one type apart; empty otherwise
  }

  struct Mapper {
    name @0 :Text;                        # unique in the plugin; its global id is plugin@version/name
    doc @1 :Text;
    inputs @2 :List(Input);
    output @3 :UInt64;
    cost @4 :UInt32 = 100;
    lossy @5 :Bool;
    effects @6 :Effects;
    settingsType @7 :UInt64;

    enum Effects { pure @0; idempotent @1; effectful @2; }
  }

  struct Needs {
    services @0 :Bool;                    # starts what outlives the run, through Services
    environment @1 :List(Text);           # names of variables it wants to see; "AWS_*" names all with that start
  }
}
