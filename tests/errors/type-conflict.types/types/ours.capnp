@0xa1c5f4d83b3b02d5;
using Cairn = import "/cairn/annotations.capnp";

struct Image $Cairn.type("null.Image") { text @0 :Text; }
struct Picture $Cairn.type("oci.Image") { text @0 :Text; }
