@0xe5c9b1a7d3f04862;
# A plan: everything that a run will do, chosen before anything acts. Made from cairn.toml and manifests alone; it can be
# printed, compared, written to a file and refused, and it is exactly what runs.
#
# No secret is ever in it: a setting that needs one stays an expression.

using Cxx = import "/capnp/c++.capnp";
using M = import "/cairn/manifest.capnp";
using T = import "/cairn/types.capnp";
using V = import "/cairn/value.capnp";
$Cxx.namespace("cairn::wire");

struct Setting {
  # A setting as it stands in the file after its expressions have been worked out as far as they can be.
  union {
    null @0 :Void;
    bool @1 :Bool;
    integer @2 :Int64;
    number @3 :Float64;
    text @4 :Text;
    list @5 :List(Setting);
    table @6 :List(Entry);
    expression @7 :Text;     # still to be worked out when its stage runs: the string with its ${…} as written
  }
  line @8 :UInt32;           # where in the file; 0: not from the file
  column @9 :UInt32;
  secret @10 :Bool;          # of an expression: its value is a secret
  file @11 :Text;            # empty: the project's cairn.toml

  struct Entry {
    name @0 :Text;
    value @1 :Setting;
  }
}

struct Plan {
  project @0 :Text;
  projectPath @1 :Text;
  workspace @2 :Text;
  madeBy @3 :Text;                      # version of Cairn
  madeAtUnixMs @4 :Int64;
  git @5 :T.GitFacts;
  variables @6 :List(Variable);
  plugins @7 :List(PluginUse);
  apps @8 :List(App);                   # in an order that `needs` allows; the file's order otherwise
  inputDigest @9 :Data;                 # SHA-256 over all that the plan was made from: file, variables, git facts, plugins
  origin @10 :Text;                     # git remote, else the folder

  struct Variable {
    name @0 :Text;
    union {
      value @1 :Setting;
      secret @2 :Void;                  # looked up again when the plan runs
    }
    source @3 :Text;                    # "default", "--var", "CAIRN_VAR_API", a file's name
  }

  struct PluginUse {
    name @0 :Text;
    version @1 :Text;
    bundleDigest @2 :Data;
    path @3 :Text;                      # the executable
    manifestDigest @4 :Data;
  }

  struct App {
    name @0 :Text;
    path @1 :Text;
    needs @2 :List(Text);
    labels @3 :List(V.NamedText);
    stages @4 :List(Stage);             # build, push, deploy, release: those that will run, in this order
    keep @5 :UInt32;                    # how many old deployments stay after a release
    serving @6 :Text;                   # id of the deployment that served when the plan was made; may be empty
    servingVersion @7 :UInt32;          # the 4 of its "v4"
  }

  struct Stage {
    kind @0 :StageKind;
    component @1 :ComponentUse;
    settings @2 :Setting;               # a table
    labels @3 :List(V.NamedText);
    inputs @4 :List(Derivation);        # one for each input of the operation, in its order
    output @5 :UInt64;
    outputName @6 :Text;
    hooks @7 :List(Hook);
    timeoutMs @8 :UInt64;
    changed @9 :Text;                   # what would change against what is released, in a few words
    implicit @10 :Bool;                 # not written in the file: the platform's default releaser
    gates @11 :List(Gate);              # what its inputs pass on the way
  }

  struct Gate {
    # A mapper of cairn.toml that every chain into a stage must pass.
    name @0 :Text;
    digest @1 :Data;                    # SHA-256 over its declaration and the program in the project that it runs
    stage @2 :StageKind;                # the stage it stands before
  }

  struct ComponentUse {
    plugin @0 :UInt16;                  # index in plugins
    kind @1 :M.Manifest.Component.Kind;
    name @2 :Text;
  }

  struct Derivation {
    # How one input is made: steps in the order they run, each naming what it takes.
    wanted @0 :UInt64;
    wantedName @1 :Text;
    role @2 :Text;
    steps @3 :List(Step);
    result @4 :Source;
    text @5 :Text;                      # in one line, for people
    gates @6 :List(Text);               # those that the result has passed
  }

  struct Step {
    mapper @0 :Text;                    # global id, plugin@version/name
    plugin @1 :UInt16;
    name @2 :Text;                      # the mapper's name in its plugin
    inputs @3 :List(Source);
    output @4 :UInt64;
    outputName @5 :Text;
    settings @6 :Setting;
    declared @7 :DeclaredMapper;        # null: a plugin's mapper, as it is
  }

  struct DeclaredMapper {
    # A mapper that cairn.toml declares, with its expressions worked out as far as they can be: what ${input…} is worth is known
    # when it runs.
    union {
      use @0 :Void;                     # a plugin's, with the step's settings
      run @1 :List(Setting);            # a command
      set @2 :Setting;                  # a table: field of the output → value
    }
    digest @3 :Data;                    # as Gate's
    gate @4 :Text;                      # its name, where it is one
    after @5 :List(Text);               # gates that come before this one
    roles @6 :List(Text);               # of its inputs, in their order: the name in ${input.…}; empty: a single one
    folder @7 :Text;
    environment @8 :List(Text);
    timeoutMs @9 :UInt64;
    app @10 :Text;                      # the app it belongs to; empty: the project
    line @11 :UInt32;                   # where in the file
    column @12 :UInt32;
  }

  struct Source {
    union {
      step @0 :UInt16;                  # index in steps
      given @1 :Given;                  # made by the host: source tree, labels, deployment config
      stage @2 :StageKind;              # what this stage of the same app returned in this run
      record @3 :Text;                  # an earlier run's build, artifact or deployment, by id
    }
  }

  struct Hook {
    when @0 :When;
    run @1 :List(Setting);
    onFailure @2 :OnFailure;
    timeoutMs @3 :UInt64;
    enum When { before @0; after @1; }
    enum OnFailure { fail @0; continue @1; }
  }
}

enum StageKind { build @0; push @1; deploy @2; release @3; }
enum Given { sourceTree @0; labels @1; deploymentConfig @2; }
