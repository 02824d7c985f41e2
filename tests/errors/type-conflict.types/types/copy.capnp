@0xa1c5f4d83b3b02d6;
using Cairn = import "/cairn/annotations.capnp";

struct Note @0xf4ab649f1a550b07 $Cairn.type("acme.Note") { text @0 :Text; }
