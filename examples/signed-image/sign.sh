#!/bin/sh
# sign.sh DIGEST: signs it with the key in ./key.pem, and prints JSON of the type acme.Signature.
# A key for a try: openssl genpkey -algorithm ed25519 -out key.pem
set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
printf %s "$1" >"$scratch/digest"
value=$(openssl pkeyutl -sign -rawin -inkey key.pem -in "$scratch/digest" | base64 -w 0)
printf '{"digest": "%s", "value": "%s"}\n' "$1" "$value"
