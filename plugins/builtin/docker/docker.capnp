@0xaaf0905c8ae8c8c6;
# What the plugin "docker" makes, and the settings it takes.

using Cxx = import "/capnp/c++.capnp";
using Cairn = import "/cairn/annotations.capnp";
using V = import "/cairn/value.capnp";
$Cxx.namespace("cairn::plugins::docker::wire");

struct Deployment $Cairn.type("docker.Deployment") $Cairn.hostLocal {
  # A running container, and all that is needed to find it again.
  deploymentId @0 :Text;
  project @1 :Text;
  app @2 :Text;
  workspace @3 :Text;
  sequence @4 :UInt32;
  engine @5 :Text;         # the engine's address: "unix:///var/run/docker.sock"
  containerId @6 :Text;
  containerName @7 :Text;
  imageId @8 :Text;
  network @9 :Text;        # the project's network, on which the releaser reaches it
  port @10 :UInt16;        # what the app listens on inside; also its PORT
  url @11 :Text;           # the published address; empty when nothing is published
}

struct Release $Cairn.type("docker.Release") $Cairn.hostLocal {
  # The app's stable address: a proxy container that leads to one deployment.
  url @0 :Text;
  deploymentId @1 :Text;
  engine @2 :Text;
  proxyName @3 :Text;
  proxyId @4 :Text;
  containerId @5 :Text;    # the deployment's container
  network @6 :Text;
  servedAs @7 :Text;       # what this switch is called in the proxy: the one it names last is the release that serves
}

struct BuildSettings {
  context @0 :Text $Cairn.path $Cairn.doc("The folder that is sent to the engine. Default: the app's folder.");
  dockerfile @1 :Text $Cairn.path $Cairn.doc("Default: `Dockerfile` in the context. It may be outside of it.");
  buildArgs @2 :List(V.NamedText) $Cairn.map $Cairn.doc("Values for the Dockerfile's ARG lines.");
  target @3 :Text $Cairn.doc("The stage of a multi-stage Dockerfile to stop at.");
  platform @4 :Text $Cairn.doc("For which platform, e.g. `linux/arm64`. Default: the engine's own.");
  noCache @5 :Bool $Cairn.doc("Run every step again.");
  pull @6 :Bool $Cairn.doc("Look for newer base images.");
  image @7 :Text $Cairn.doc("The name the image gets in the engine. Default: `cairn/<project folder>/<app folder>:latest`.");
  host @8 :Text $Cairn.doc("The engine: `unix:///path` or `tcp://host:port`. Default: DOCKER_HOST, else the current docker context.");
}

struct PullSettings {
  image @0 :Text $Cairn.required $Cairn.doc("The image's reference, with a tag or a digest.");
  policy @1 :Policy = missing $Cairn.doc("When it is pulled: missing (unless the engine has it), always or never.");
  platform @2 :Text $Cairn.doc("For which platform, e.g. `linux/arm64`. Default: the engine's own.");
  username @3 :Text $Cairn.mayHoldSecret $Cairn.doc("For the image's registry. Default: what `docker login` wrote down.");
  password @4 :Text $Cairn.secret $Cairn.doc("For the image's registry.");
  host @5 :Text $Cairn.doc("The engine, as in the builder.");

  enum Policy { missing @0; always @1; never @2; }
}

struct RegistrySettings {
  image @0 :Text $Cairn.required $Cairn.doc("Where it is pushed, without a tag: `registry.example.test/shop/web`.");
  tag @1 :Text $Cairn.doc("Default: the git commit's pretty name where the file asks for git, else `latest`.");
  username @2 :Text $Cairn.mayHoldSecret $Cairn.doc("For the registry. Default: what `docker login` wrote down.");
  password @3 :Text $Cairn.secret $Cairn.doc("For the registry.");
  local @4 :Bool $Cairn.doc("Only tag the image in the engine, push nothing.");
  host @5 :Text $Cairn.doc("The engine. Default: the one that has the image.");
}

struct PlatformSettings {
  port @0 :UInt16 = 0 $Cairn.doc("What the app listens on inside its container, also given to it as PORT. 0: the only port the image exposes, else 8080.");
  publish @1 :Text = "127.0.0.1:0" $Cairn.doc("The deployment's own address on the engine's machine; port 0 chooses a free one. `none` publishes nothing.");
  command @2 :List(Text) $Cairn.doc("Instead of the image's CMD.");
  entrypoint @3 :List(Text) $Cairn.doc("Instead of the image's ENTRYPOINT.");
  env @4 :List(V.NamedText) $Cairn.map $Cairn.mayHoldSecret $Cairn.doc("Environment variables for the app. Whoever may use the engine can read them with `docker inspect`.");
  networks @5 :List(Text) $Cairn.doc("Networks, beside the project's own, that exist already.");
  volumes @6 :List(Text) $Cairn.doc("`name:/path`, `/host/path:/path`, each with `:ro` behind it if it is not to be written.");
  memoryBytes @7 :UInt64 $Cairn.bytes $Cairn.doc("The most memory it may use. Default: no limit.");
  cpus @8 :Float64 $Cairn.doc("The most processors it may use, e.g. 0.5. Default: no limit.");
  restart @9 :Restart = unlessStopped $Cairn.doc("When the engine starts it again: no, on-failure, always or unless-stopped.");
  probe @10 :Probe $Cairn.doc("How to tell that the app is ready.");
  stopTimeoutSeconds @11 :UInt32 = 10 $Cairn.duration $Cairn.doc("How long the app has after SIGTERM before it is killed.");
  host @12 :Text $Cairn.doc("The engine. Default: the one that has the image.");

  enum Restart { unlessStopped @0; always @1; onFailure @2; no @3; }
}

struct Probe {
  kind @0 :Kind = auto $Cairn.doc("auto: the image's HEALTHCHECK where it has one, else http when `path` is set, else tcp when a port is set or exposed, else none.");
  path @1 :Text $Cairn.doc("Asked with GET at the published address; an answer from 200 to 399 means ready.");
  intervalMs @2 :UInt32 = 100 $Cairn.duration $Cairn.doc("The wait between two tries.");
  timeoutMs @3 :UInt32 = 60000 $Cairn.duration $Cairn.doc("How long the app may take until it is ready.");
  retries @4 :UInt32 $Cairn.doc("How many tries may fail. 0: as many as there is time for.");
  settleMs @5 :UInt32 = 1000 $Cairn.duration $Cairn.doc("With kind none: how long it must have run to count as ready.");

  enum Kind { auto @0; http @1; tcp @2; none @3; healthcheck @4; }
}

struct ReleaserSettings {
  port @0 :UInt16 = 0 $Cairn.doc("The port of the app's stable address on the engine's machine; 0 chooses a free one at the first release and keeps it.");
  address @1 :Text = "127.0.0.1" $Cairn.doc("The address it is published on; `0.0.0.0` for all.");
  drainTimeoutMs @2 :UInt32 = 30000 $Cairn.duration $Cairn.doc("How long requests under way at the old deployment have to finish after a switch.");
}
