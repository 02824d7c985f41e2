#!/bin/sh
# mirror.sh REFERENCE DIGEST MIRROR: copies the image, and prints where it is now, as JSON of the type oci.Image.
set -eu
reference=$1 digest=$2 mirror=$3
from=${reference%:*}@$digest
to=$mirror/${reference#*/}
docker pull --quiet "$from" >&2
docker tag "$from" "$to"
docker push --quiet "$to" >&2
printf '{"reference": "%s", "digest": "%s"}\n' "$to" "$digest"
