@0xa1c5f4d83b3b02d2;
using Cairn = import "/cairn/annotations.capnp";

interface Scanner {}

struct Service $Cairn.type("acme.Service") {
  scanner @0 :Scanner;
}
