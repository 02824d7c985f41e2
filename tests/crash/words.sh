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
  (KILL_AT=$1 LD_PRELOAD=$kill_at exec $marked "${@:2}" >events 2>complaints) 2>/dev/null || code=$?
  [ $code = 137 ]
}

# Processes whose command line holds TEXT, one id a line. One program looks at all of them, since this is asked often.
processes_of() { grep -laF -e "$1" /proc/[0-9]*/cmdline 2>/dev/null | grep -o '[0-9]*' || true; }

# Command lines of all processes of this house, from watch_commands to watched_commands, which prints them. cairn's own
# environment may hold a secret that was given there.
watch_commands() {
  : >watched
  (
    unset CAIRN_VAR_TOKEN
    while [ -e watched ]; do
      for process in $(grep -laF "$HOUSE/" /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3 | sort -u); do
        { tr '\0' ' ' <"/proc/$process/cmdline"; } 2>/dev/null && echo || true
      done
    done >watched-commands
  ) &
  watcher=$!
}
watched_commands() {
  rm watched
  wait $watcher
  cat watched-commands
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

# Of a killed run nothing goes on, and its folders go with the next command.
nothing_left() {
  eventually nothing_marked
  cairn status >status
  no_work_folders || fail "work folders are left $1"
}

# What a run was cut short in is told by `cairn status`, unless all of that stage was written already, or nothing of it.
told_by_status() {
  local last stage record kind state
  last=$(grep -E '"event":"stage(Started|Finished)"' events | tail -n 1 || true)
  [[ "$last" == *stageStarted* ]] || return 0
  record=$(field recordId <<<"$last")
  stage=$(field stage <<<"$last")
  case $stage in
    push) kind=artifact ;;
    deploy | prune) kind=deployment ;;
    *) kind=$stage ;;
  esac
  state=$(cairn "$kind" list --json --all | grep -F "\"id\":\"$record\"" | field state)
  case $stage-$state in
    prune-destroyed) ;;
    prune-done) [ "$(tail -n 1 events)" = "$last" ] || fail "what the prune of $record has removed is told to nobody" ;;
    *-done) ;;
    *-interrupted) has "$kind $(version_of "$kind" "$record") was interrupted" status ;;
    *) fail "the $kind $record was cut short in $stage and is '$state'" ;;
  esac
}
# As status calls it.
version_of() {
  local number
  number=$(cairn "$1" list --json --all | grep -F "\"id\":\"$2\"" | grep -o '"sequence":[0-9]*' | cut -d: -f2)
  [ "$1" = deployment ] && echo "v$number" || echo "#$number"
}
