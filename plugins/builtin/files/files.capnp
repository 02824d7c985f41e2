@0xd2a40f6b8c1e9357;
# Settings of the plugin that takes a folder of files as it is.

using Cxx = import "/capnp/c++.capnp";
using Cairn = import "/cairn/annotations.capnp";
$Cxx.namespace("cairn::plugins::files");

struct BuilderSettings {
  directory @0 :Text $Cairn.path $Cairn.doc("The folder to take. The app's folder unless said.");
  ignore @1 :List(Text) $Cairn.doc("Patterns of what is left out, written as in a .gitignore; they come after those of `.cairnignore`.");
}

struct RegistrySettings {
  path @0 :Text $Cairn.required $Cairn.path $Cairn.doc("The archive to write. An older one there is replaced.");
  format @1 :Text $Cairn.doc("tar.gz, tar.zst, tar or zip. Told by the path's ending unless said.");
}
