@ID@;
# Types and settings of the plugin @NAME@. Their ids follow from the line above: keep it.

using Cxx = import "/capnp/c++.capnp";
using Cairn = import "/cairn/annotations.capnp";
$Cxx.namespace("cairn::plugins::@NAMESPACE@");

struct Deployment $Cairn.type("@NAME@.Deployment") $Cairn.hostLocal {
  # What `deploy` answers and all later functions get.
  folder @0 :Text;
}

struct Settings {
  # What may stand in [app.web.deploy] beside `use`.
  target @0 :Text $Cairn.required $Cairn.path $Cairn.doc("The folder below which each deployment gets a folder of its own.");
}
