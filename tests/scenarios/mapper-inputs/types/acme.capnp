@0xe2a1c07f5d3b94f1;
# A type of this project alone.

using Cairn = import "/cairn/annotations.capnp";

struct Proof $Cairn.type("acme.Proof") {
  signer @0 :Text $Cairn.required;
  strength @1 :UInt8;
  final @2 :Bool;
}
