@0xe2a1c07f5d3b94f2;
using Cairn = import "/cairn/annotations.capnp";

struct Left $Cairn.type("acme.Left") { said @0 :Text; }
struct Right $Cairn.type("acme.Right") { said @0 :Text; }
