@0xf0a6f5f17e1f4c11;
# The value types that plugins share. A plugin's own types live in its own schema, under its own name.

using Cxx = import "/capnp/c++.capnp";
using Cairn = import "/cairn/annotations.capnp";
using V = import "/cairn/value.capnp";
$Cxx.namespace("cairn::wire");

struct SourceTree $Cairn.type("cairn.SourceTree") $Cairn.hostLocal {
  # The app's folder. Given by the host to every stage of a run.
  path @0 :Text;           # absolute
  projectPath @1 :Text;    # absolute: the folder of cairn.toml
  git @2 :GitFacts;
}

struct GitFacts {
  # All empty outside a git checkout, and where nothing in the file asked for git.
  commit @0 :Text;         # 40 hex digits
  branch @1 :Text;         # empty when HEAD is detached
  tag @2 :Text;            # a tag that points at HEAD
  dirty @3 :Bool;
  pretty @4 :Text;         # tag, else short hash; with "-dirty.<8 hex>" where the tree is dirty
  commitTime @5 :Text;     # ISO 8601
  remote @6 :Text;         # origin's URL without credentials
}

struct Labels $Cairn.type("cairn.Labels") {
  # The stage's labels: the app's, overridden by the stage's. Given by the host.
  entries @0 :List(V.NamedText);
}

struct DeploymentConfig $Cairn.type("cairn.DeploymentConfig") {
  # Given by the host to every platform; a platform sets `env` in the app's environment verbatim, as secret.
  deploymentId @0 :Text;   # UUIDv7, minted before the act
  shortId @1 :Text;        # 12 hex digits of it, good for names of outside resources
  app @2 :Text;
  workspace @3 :Text;
  project @4 :Text;
  sequence @5 :UInt32;     # the 3 of "v3"
  env @6 :List(V.NamedText);
}

struct FilesDirectory $Cairn.type("cairn.FilesDirectory") $Cairn.hostLocal {
  # A folder of files named by its content; nobody writes into it after it is made.
  path @0 :Text $Cairn.required;  # absolute
  digest @1 :Text;
  # Of the content, so that whoever takes the folder can tell whether it is still what was built; empty: not known. "sha256:<hex>"
  # over one line for each file, folder and link below `path`, sorted by its path's bytes: KIND, space, CONTENT, space, PATH, a zero
  # byte. PATH is relative, its parts joined by "/". KIND and CONTENT are "644", or "755" where the owner may execute it, and the file's
  # SHA-256 in hex; "dir" and nothing; "link" and the SHA-256 in hex of where it leads, as it is written.
  fileCount @2 :UInt64;
  totalBytes @3 :UInt64;
}

struct Archive $Cairn.type("cairn.Archive") $Cairn.hostLocal {
  path @0 :Text $Cairn.required;  # absolute; a .tar.gz, .tar.zst, .tar or .zip
  digest @1 :Text;         # "sha256:<hex>" of the file
  format @2 :Text;         # "tar.gz", "zip" …
  sizeBytes @3 :UInt64;
}

struct OciImage $Cairn.type("oci.Image") {
  # An image in a registry that others can pull from.
  reference @0 :Text;      # "registry.example.test/shop/web:v1", without the digest
  digest @1 :Text;         # "sha256:<hex>" of the manifest
  platform @2 :Text;       # "linux/amd64"; may be empty
}

struct DockerImage $Cairn.type("docker.Image") $Cairn.hostLocal {
  # An image in a local Docker engine.
  reference @0 :Text;      # "shop-web:latest"
  id @1 :Text;             # "sha256:<hex>" of the config
  host @2 :Text;           # the engine's address; empty is the default one
}

struct Url $Cairn.type("cairn.Url") {
  url @0 :Text;
}

struct Release $Cairn.type("cairn.Release") {
  # What a releaser that has no more to remember makes.
  url @0 :Text;
  deploymentId @1 :Text;
}

struct Status $Cairn.type("cairn.Status") {
  # A platform's or releaser's answer to "how is it?".
  health @0 :Health;
  message @1 :Text;                     # one sentence; why, where it isn't ready
  url @2 :Text;                         # the deployment's own address; may be empty
  resources @3 :List(ResourceStatus);

  enum Health {
    unknown @0;
    ready @1;
    starting @2;
    partial @3;    # serves, but not as it should
    down @4;
    gone @5;       # nothing of it is left outside
  }
}

struct ResourceStatus {
  kind @0 :Text;     # "container", "process", "network"
  name @1 :Text;
  state @2 :Text;    # the platform's own word
  healthy @3 :Bool;
}

struct ExecResult $Cairn.type("cairn.ExecResult") {
  exitCode @0 :Int32;
}
