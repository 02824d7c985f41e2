@0xe8d19c4f7ab26035;
# An image made of a folder of files, without a container engine.

using Cxx = import "/capnp/c++.capnp";
using Cairn = import "/cairn/annotations.capnp";
$Cxx.namespace("cairn::plugins::pack");

struct Image $Cairn.type("pack.Image") $Cairn.hostLocal {
  path @0 :Text;        # absolute: an archive as `docker load` takes it
  reference @1 :Text;   # "pack/web:3f2a9c0d11e4"
  id @2 :Text;          # "sha256:<hex>" of the image's configuration
  sizeBytes @3 :UInt64;
}

struct Settings {
  directory @0 :Text $Cairn.path $Cairn.doc("The folder whose files become the image. The app's folder unless said.");
  name @1 :Text $Cairn.doc("The image's name, without a tag. `pack/<folder>` unless said.");
  command @2 :List(Text) $Cairn.required $Cairn.doc("What the image runs. Programs of the folder lie in /app; there is nothing else in the image.");
  env @3 :List(Variable) $Cairn.map $Cairn.doc("The environment of the command.");
  port @4 :UInt16 $Cairn.doc("The TCP port that the command serves; 0: none.");
}

struct Variable {
  name @0 :Text;
  value @1 :Text;
}
