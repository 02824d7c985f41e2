@0x8e1f5a3b7c2d9046;
# The protocol between Cairn and a plugin: two vats on one socketpair, which the plugin finds as descriptor 3.
# The host's bootstrap capability is null; the plugin's is Plugin. Major 1.
#
# Order: hello first, once; then any number of calls, several at a time. A closed socket ends the plugin.

using Cxx = import "/capnp/c++.capnp";
using Call = import "/cairn/call.capnp";
using M = import "/cairn/manifest.capnp";
using V = import "/cairn/value.capnp";
$Cxx.namespace("cairn::wire");

const protocolMajor :UInt16 = 1;

interface Plugin {
  hello @0 (host :HostInfo) -> (plugin :PluginInfo);
  # The host calls it first and waits a few seconds. With no major in common the plugin answers with its own majors all
  # the same: the host says which side is older.

  manifest @1 () -> (manifest :M.Manifest);
  # The host calls it when it has no manifest cached for the bundle's digest.

  check @2 (component :ComponentRef, settings :V.Value, unknown :List(Text), call :Call.CallContext)
      -> (diagnostics :List(V.Diagnostic));
  # Before the first act of a run: credentials, reachability, names, quotas. `unknown` names the settings (dotted) that only
  # a later stage will fill. No error among the diagnostics: all is well. Must not change anything.

  run @3 (component :ComponentRef, operation :M.Manifest.Operation.Name, settings :V.Value, inputs :List(V.Value),
          call :Call.CallContext) -> (outcome :Outcome);
  # One operation of one component. `inputs` stand in the manifest's order. Dropping the promise does not stop it: cancel does.

  map @4 (mapper :Text, settings :V.Value, inputs :List(V.Value), call :Call.CallContext) -> (outcome :Outcome);
  # Runs the mapper with this name, which the host chose; the plugin does not search.

  cancel @5 (callId :UInt64) -> ();
  # Asks the call with this id (CallContext.callId) to end soon; it then answers failed with kind `cancelled`. A call that has
  # ended, or was never made, is no error.
}

struct HostInfo {
  version @0 :Text;
  protocolMajors @1 :List(UInt16);
  features @2 :List(Text);
  deadlineMs @3 :UInt32;        # how long the host waits for the answer
}

struct PluginInfo {
  name @0 :Text;
  version @1 :Text;
  sdk @2 :Text;                 # "cairn-cxx 0.1.0"
  protocolMajors @3 :List(UInt16);
  features @4 :List(Text);
  manifestDigest @5 :Data;      # SHA-256 of the manifest's canonical form; the host compares it with its cached one
}

struct ComponentRef {
  kind @0 :M.Manifest.Component.Kind;
  name @1 :Text;
}

struct Outcome {
  diagnostics @0 :List(V.Diagnostic);   # warnings beside an ok; the reasons otherwise
  union {
    ok @1 :V.Value;          # typeId 0 where the operation has no output
    refused @2 :Void;        # nothing was done and trying again won't help: "can't convert this value", "not allowed"
    failed @3 :Void;         # something went wrong outside, or on the way
  }
}
