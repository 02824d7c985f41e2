#!/bin/sh
cat >joined
printf '{"text": "%s by %s (%s)", "counter": 7}' "$1" "$2" "$3"
