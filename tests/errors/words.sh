# The words of error tests, beside those of scenarios/words.sh.

NULL_PLUGIN=$PREFIX/lib/cairn/plugins/null/cairn-plugin-null
export DOCKER_HOST=unix:///nowhere/docker.sock
export NO_PROXY=127.0.0.1

# shows COMMAND…: runs it and prints all that it prints, made equal in every run, and its exit code.
shows() {
  local code=0
  "$@" >"$HOUSE/shown" 2>&1 || code=$?
  equal <"$HOUSE/shown"
  echo "exit code $code"
}

# shows_end LINES COMMAND…: only its last lines.
shows_end() {
  local lines=$1
  shift
  shows "$@" | tail -n $((lines + 1))
}

equal() {
  normalised | sed -E -e "s#$PREFIX#<prefix>#g" -e 's/\(pid [0-9]+\)/(pid <pid>)/g; s/\b(process|pid) [0-9]+/\1 <pid>/g; s/, [a-z]+ on [^,]+,/, <user> on <machine>,/; s/cairn-(call|docker)-[A-Za-z0-9]{6}/cairn-\1-<id>/g' \
    -e 's/\(([0-9a-f]{12})\)/(<digest>)/g; s/\bport [0-9]{4,5}\b/port <port>/g; s/PORT=[0-9]+/PORT=<port>/g; s/\bCairn [0-9]+\.[0-9]+\.[0-9]+/Cairn <version>/g; s/-v([0-9]+)-[0-9a-f]{12}\b/-v\1-<short>/g; s/\b[0-9a-f]{64}\b/<long>/g'
}

# sham: makes the program on stdin a plugin "sham" in ./sham, deploys with it.
sham() {
  mkdir sham
  cat >sham/cairn-plugin-sham
  chmod +x sham/cairn-plugin-sham
  cat >cairn.toml <<'FILE'
project = "try"

[app.web.build]
use = "null"
text = "hello"

[app.web.deploy]
use = "sham"

[plugins.sham]
path = "./sham"
FILE
}

# apart COMMAND…: runs it where it alone sees what it mounts; skips where that is not allowed.
apart() {
  unshare -m true 2>/dev/null || skip "no mount namespace of our own to be had (needs root)"
  unshare -m "$@"
}

# as_owner COMMAND…: runs it where a file's permissions hold for root too.
as_owner() {
  local caps=-dac_override,-dac_read_search
  if [ "$(id -u)" != 0 ]; then
    "$@"
  else
    needs setpriv
    setpriv --bounding-set=$caps --inh-caps=$caps "$@"
  fi
}

# on_docker COMMAND…: shows it with an engine of its own; skips where none can be had.
on_docker() {
  [ -x "$PREFIX/unit/with-docker" ] || skip "the tests were built without an engine of their own"
  shows "$PREFIX/unit/with-docker" "$@"
}

# faulty FAULT [NAME]: puts a plugin NAME, "fault" otherwise, into ./NAME that breaks its contract so; fault/faults.cc has the
# faults by name. All its components are called "thing".
faulty() {
  local name=${2:-fault}
  mkdir -p "$name"
  cp -f "$PREFIX/unit/cairn-fault-plugin" "$name/cairn-plugin-$name"
  echo "$1" >"$name/fault"
  [ -e cairn.toml ] || cat >cairn.toml <<'FILE'
project = "try"

[app.web.build]
use = "fault/thing"
text = "hello"

[app.web.deploy]
use = "fault/thing"

[plugins.fault]
path = "./fault"
FILE
}

# config: the cairn.toml of the project "try" with the tables on stdin.
config() { { printf 'project = "try"\n\n'; cat; } >cairn.toml; }
