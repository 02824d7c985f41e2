#!/bin/sh
# say.sh ME OTHER: says something that nobody says twice, once the other is here too.
echo "$1" >>runs
sh ./meet.sh "$1" "$2" || exit 1
printf '{"said": "%s-%s"}' "$1" "$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')"
