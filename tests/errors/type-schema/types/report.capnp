@0xa1c5f4d83b3b02d1;
using Cairn = import "/cairn/annotations.capnp";

struct Report $Cairn.type("acme.Report") {
  findings @0 : List(;
}
