@0xe9108be4b3b02d2e;
# What this company says about images.

using Cairn = import "/cairn/annotations.capnp";

struct Signature $Cairn.type("acme.Signature") {
  digest @0 :Text;     # what was signed: an image's digest
  value @1 :Text;      # Ed25519, as base64
}

struct SignedImage $Cairn.type("acme.SignedImage") {
  reference @0 :Text;
  digest @1 :Text;
  signature @2 :Text;
}
