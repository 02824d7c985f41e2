@0xd6a0a5b1f3f7c411;
# The values and settings of the plugin that breaks its contract as it is told.

using Cxx = import "/capnp/c++.capnp";
using Cairn = import "/cairn/annotations.capnp";
$Cxx.namespace("cairn::fault");

struct Thing $Cairn.type("fault.Thing") {
  text @0 :Text;
}

struct Other $Cairn.type("fault.Other") {
  text @0 :Text;
}

struct Deployment $Cairn.type("fault.Deployment") {
  text @0 :Text;
  url @1 :Text;
}

struct Release $Cairn.type("fault.Release") {
  url @0 :Text;
}

struct Settings {
  text @0 :Text $Cairn.mayHoldSecret $Cairn.doc("What the value says.");
  words @1 :Text $Cairn.deprecated("write `text` instead");
  from :union {
    nothing @2 :Void;
    file @3 :Text;
    address @4 :Text;
  }
}

struct ReservedSettings {
  timeout @0 :Text;
}

struct UnfitSettings {
  wait @0 :UInt32 $Cairn.duration;
}

enum Colour {
  red @0;
}
