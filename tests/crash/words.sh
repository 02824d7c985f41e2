# More words, for scenarios that end `cairn` in the middle.

# A sanitizer's own library has to come first.
kill_at="$(ldd "$PREFIX/bin/cairn" | grep -o '/[^ ]*lib[at]san[^ ]*' || true) $PREFIX/tests/crash/libkill_at.so"

# How many points COMMAND's commits have in the store.
points_of() {
  COUNT_POINTS=$HOUSE/work/points LD_PRELOAD=$kill_at "$@" >/dev/null
  [ "$(cat points)" != 0 ] || skip "this build's writes can't be counted"
  cat points
}

# killed_at N COMMAND…: its `--json` lines go to the file `events`; false where it ended before that point.
killed_at() {
  local code=0
  (KILL_AT=$1 LD_PRELOAD=$kill_at exec "${@:2}" >events 2>complaints) 2>/dev/null || code=$?
  [ $code = 137 ]
}

# Processes whose command line holds TEXT, one id a line. One program looks at all of them, since this is asked often.
processes_of() { grep -laF -e "$1" /proc/[0-9]*/cmdline 2>/dev/null | grep -o '[0-9]*' || true; }

plugins() {
  local process
  for process in $(processes_of cairn-plugin-); do
    grep -qaF "$HOUSE/" "/proc/$process/environ" 2>/dev/null && echo "$process" || true
  done
}

# Processes that run with files of this state, and files of its plugins, one a line.
remains() {
  local process
  for process in $(processes_of "$XDG_STATE_HOME/"); do
    { tr '\0' ' ' <"/proc/$process/cmdline"; } 2>/dev/null && echo || true
  done
  find "$XDG_STATE_HOME/cairn/data" -mindepth 2 \( -type f -o -type s \) -not -path '*/objects/*' 2>/dev/null || true
}
# Nothing remains but what remained when `remains | sort >before` was said.
only_before() { [ "$(remains | sort)" = "$(cat before)" ]; }

# A run that was cut short in a deploy or a release is told by `cairn status`, unless all of the stage was written already.
told_by_status() {
  local last kind record
  cairn status >status
  last=$(grep -E '"stage":"(deploy|release)".*"event":"stage(Started|Finished)"' events | tail -n 1 || true)
  [[ "$last" == *stageStarted* ]] || return 0
  record=$(field recordId <<<"$last")
  kind=$(field stage <<<"$last" | sed 's/deploy/deployment/')
  cairn "$kind" list --json --all >records
  [[ $(grep -F "$record" records) == *'"state":"done"'* ]] || has 'was interrupted' status
}
