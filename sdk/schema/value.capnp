@0xa93c1c6d5d0f2b61;
# A value as it crosses between host and plugins, and as it is written to the store.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("cairn::wire");

struct Value {
  # At most 1 MiB, and without capabilities: bulk goes by a content-addressed file that the value names.

  typeId @0 :UInt64;
  # The 64-bit id of the struct.

  typeName @1 :Text;
  # What people read, "docker.Image". Never used to decide anything.

  schemaDigest @2 :Data;
  # SHA-256 over the canonical schema nodes that the struct needs, as the maker's manifest carries them; says by which
  # version of the schema the bytes were written.

  content @3 :Data;
  # The struct in Cap'n Proto's canonical form: one segment, root pointer first, without a segment table.

  locality @4 :Locality;
}

enum Locality {
  anywhere @0;
  host @1;      # good only on the host that made it
}

struct Diagnostic {
  # What a person can act on. Sent as data in results; exceptions are for a lost peer or a bug.

  severity @0 :Severity;
  kind @1 :Kind;
  code @2 :Text;      # stable: "<plugin>/<slug>", or one of the host's
  message @3 :Text;   # what happened, to what, in one sentence
  hint @4 :Text;      # what to try; may be empty
  detail @5 :Text;    # many lines, such as the end of a build log; may be empty
  setting @6 :Text;   # the setting in question, dotted, relative to the component's table; may be empty

  enum Severity { error @0; warning @1; note @2; }

  enum Kind {
    internal @0;
    config @1;
    notFound @2;
    refused @3;
    failed @4;
    unavailable @5;
    deadline @6;
    cancelled @7;
    died @8;
  }
}

struct NamedText {
  name @0 :Text;
  value @1 :Text;
}
