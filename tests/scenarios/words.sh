# The words that scenarios are written in. $HOUSE is the scenario's own folder, $PREFIX where `cairn` is, $SOURCE its tree.

fail() { echo "FAILED: $*" >&2; exit 1; }
skip() { echo "skipped: $*" >&2; exit 77; }
needs() { local program; for program; do command -v "$program" >/dev/null || skip "$program is not installed"; done; }

# For what is built outside against this build's SDK: a sanitizer's is of use to nobody else.
needs_plain_sdk() { [[ $(ldd "$PREFIX/bin/cairn") != *lib[at]san* ]] || skip "the SDK of a sanitizer build can't be linked outside"; }

# exits CODE COMMAND…: runs it, and insists on its exit code.
exits() {
  local wanted=$1 code=0
  shift
  "$@" || code=$?
  [ "$code" = "$wanted" ] || fail "'$*' ended with $code, not $wanted"
}

# within SECONDS MEGABYTES CODE COMMAND…: it takes no longer, has no more memory at once, and ends so. What it prints is in ./said.
within() {
  local seconds=$1 megabytes=$2 wanted=$3 peak=0 now code=0 begun=$SECONDS
  shift 3
  "$@" >said 2>&1 &
  local pid=$!
  while kill -0 $pid 2>/dev/null; do
    now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$pid/status 2>/dev/null || true)
    [ "${now:-0}" -le $peak ] || peak=$now
    sleep 0.02
  done
  wait $pid || code=$?
  [ $code = "$wanted" ] || fail "'$*' ended with $code, not $wanted: $(tail -c 3000 said)"
  [ $((SECONDS - begun)) -le "$seconds" ] || fail "'$*' took $((SECONDS - begun)) s"
  # A sanitizer's own memory is not counted.
  [[ $(ldd "$PREFIX/bin/cairn") == *lib[at]san* ]] || [ $((peak / 1024)) -le "$megabytes" ] || fail "'$*' took $((peak / 1024)) MiB"
  [ "$(wc -c <said)" -le 3000000 ] || fail "'$*' printed $(wc -c <said) bytes"
}

# has TEXT FILE…: some file holds the text. lacks TEXT FILE…: none does; files may be binary, folders are looked through.
has() { grep -qaF -e "$1" "${@:2}" || fail "'$1' is not in ${*:2}: $(tail -n 30 "${@:2}" 2>&1)"; }
lacks() {
  local found file
  for file in "${@:2}"; do [ -e "$file" ] || fail "there is no $file to look into"; done
  found=$(grep -rlaF -e "$1" "${@:2}" || true)
  [ -z "$found" ] || fail "'$1' is in $found: $(grep -raF -e "$1" "${@:2}" | head -c 2000)"
}

# eventually COMMAND…: until it succeeds. A minute is so long that only what never comes true takes it.
eventually() {
  local end=$((SECONDS + 60))
  until "$@" 2>/dev/null; do
    [ $SECONDS -lt $end ] || fail "never came true: $*"
    sleep 0.02
  done
}

# $marked COMMAND…: runs it with a mark that all it starts inherits, be it a hook's, a mapper's or a plugin's child.
# Only services are without it: they are meant to live on.
mark=XDG_CAIRN_MARK=$HOUSE/marked
marked="env --default-signal=INT $mark"

# What a marked command has started and is still there, one id a line.
marked_processes() {
  grep -lazxF -e "$mark" /proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3 || true
}
nothing_marked() {
  local process left
  left=$(marked_processes)
  for process in $left; do echo "left: $process $(tr '\0' ' ' <"/proc/$process/cmdline")"; done 2>/dev/null
  [ -z "$left" ]
}

# Plugins of this house that run now, one line each.
plugins() {
  local process
  for process in /proc/[0-9]*; do
    [[ "$(tr '\0' ' ' <"$process/cmdline" 2>/dev/null)" == *cairn-plugin-* ]] || continue
    grep -qaF "$HOUSE/" "$process/environ" 2>/dev/null && echo "${process#/proc/}" || true
  done
}
no_plugins() { [ -z "$(plugins)" ]; }

# A killed cairn can't remove the folder of its calls; the next one does.
no_work_folders() { [ -z "$(find "$TMPDIR" -maxdepth 1 -name 'cairn-call-*')" ]; }

# Files that the null plugin made for what it deployed and released.
null_files() { find "$XDG_STATE_HOME/cairn/data/null" -type f 2>/dev/null | sort; }

# The value of the first "NAME":"…" in the JSON on stdin.
field() { grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d '"' -f 4; }

# Makes times, ids, ports and folders the same in every run.
normalised() {
  sed -E -e "s#$HOUSE/work#<work>#g; s#$HOUSE#<house>#g" \
      -e 's/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/<id>/g' \
      -e 's#null://[0-9a-z]+#null://<short>#g' \
      -e 's#127\.0\.0\.1:[0-9]+#127.0.0.1:<port>#g' \
      -e 's/\b[0-9]+(\.[0-9]+)? ?(ms|s)\b/<time>/g; s/\b[0-9]+m ?[0-9]+s\b/<time>/g' \
      -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?/<when>/g'
}

# A git repository of what is here, with one commit.
commit_all() {
  [ -d .git ] || git init -q -b main
  git add -A
  git commit -q --allow-empty -m "${1:-what is here}"
}
