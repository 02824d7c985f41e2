#!/bin/sh
# verify.sh REFERENCE DIGEST SIGNATURE: refuses an image whose signature is not ours; else pulls it, and prints JSON of the
# type docker.Image.
set -eu
reference=$1 digest=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
printf %s "$digest" >"$scratch/digest"
printf %s "$3" | base64 -d >"$scratch/signature"
openssl pkeyutl -verify -rawin -inkey key.pem -in "$scratch/digest" -sigfile "$scratch/signature" >&2
image=${reference%:*}@$digest
docker pull --quiet "$image" >&2
id=$(docker image inspect --format '{{.Id}}' "$image")
printf '{"reference": "%s", "id": "%s", "host": "%s"}\n' "$image" "$id" "${DOCKER_HOST:-}"
