@0xd1f6a8e0b3c24795;
# Settings of every kind, for the tests of decode_settings and settings_schema.

using Cxx = import "/capnp/c++.capnp";
using Cairn = import "/cairn/annotations.capnp";
using V = import "/cairn/value.capnp";
$Cxx.namespace("cairn::host::sample");

struct Settings {
  image @0 :Text $Cairn.required $Cairn.doc("The image's name.");
  port @1 :UInt16 = 8080;
  drainTimeoutMs @2 :UInt32 = 30000 $Cairn.duration;
  memoryBytes @3 :UInt64 $Cairn.bytes;
  env @4 :List(V.NamedText) $Cairn.map $Cairn.mayHoldSecret;
  policy @5 :Policy = missing;
  password @6 :Text $Cairn.secret;
  context @7 :Text $Cairn.path;
  raw @8 :Text $Cairn.json;
  probe @9 :Probe;
  mounts @10 :List(Mount);
  oldName @11 :Text $Cairn.deprecated("write image");
  source :union {
    none @12 :Void;
    archive @13 :Text;
    url @14 :Text;
  }
  args @15 :List(Text);
  cpus @16 :Float64;
  flag @17 :Bool;

  enum Policy { missing @0; always @1; ifNewer @2; }
}

struct Probe { path @0 :Text; retries @1 :Int8; }
struct Mount { name @0 :Text $Cairn.required; target @1 :Text; }

struct Reserved { use @0 :Text; hook @1 :Text; image @2 :Text; }
struct Unfit { limit @0 :Text $Cairn.duration; any @1 :AnyPointer; }

struct Node { text @0 :Text; next @1 :Node; }
