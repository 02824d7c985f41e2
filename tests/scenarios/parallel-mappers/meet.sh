#!/bin/sh
# meet.sh ME OTHER: says something that nobody says twice, once the other is here too.
echo "$1" >>runs
: >"here-$1"
tries=0
until [ -e "here-$2" ]; do
  tries=$((tries + 1))
  if [ $tries -gt 600 ]; then echo "$2 never came" >&2; exit 1; fi
  sleep 0.05
done
printf '{"said": "%s-%s"}' "$1" "$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')"
