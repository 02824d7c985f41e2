#!/bin/sh
# meet.sh ME OTHER: ends well once the other is here too, in this folder.
: >"here-$1"
tries=0
until [ -e "here-$2" ]; do
  tries=$((tries + 1))
  if [ $tries -gt 600 ]; then echo "$2 never came" >&2; exit 1; fi
  sleep 0.05
done
