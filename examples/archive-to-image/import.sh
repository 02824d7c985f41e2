#!/bin/sh
# import.sh ARCHIVE: an image with the archive's files, as JSON of the type docker.Image.
set -eu
name=packed-web:latest
id=$(docker import --change 'CMD ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/"]' "$1" "$name")
printf '{"reference": "%s", "id": "%s", "host": "%s"}\n' "$name" "$id" "${DOCKER_HOST:-}"
