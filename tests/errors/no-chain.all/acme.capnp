@0xbe1a7c3d5f0e9241;

using Cairn = import "/cairn/annotations.capnp";

struct Ark $Cairn.type("acme.Ark") { reference @0 :Text; }
struct Barge $Cairn.type("acme.Barge") { reference @0 :Text; }
struct Canoe $Cairn.type("acme.Canoe") { reference @0 :Text; }
struct Dinghy $Cairn.type("acme.Dinghy") { reference @0 :Text; }
struct Ferry $Cairn.type("acme.Ferry") { reference @0 :Text; }
struct Gondola $Cairn.type("acme.Gondola") { reference @0 :Text; }
