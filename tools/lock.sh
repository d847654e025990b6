#!/bin/sh
# Resolve both locks: hashes, every platform, no registry address.
set -eu
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .tools/uv/bin/uv)
common="--universal --python-version 3.12 --generate-hashes --no-header --no-annotate --quiet"
# shellcheck disable=SC2086
"$uv" pip compile $common pyproject.toml -o requirements.lock
# shellcheck disable=SC2086
"$uv" pip compile $common --group dev pyproject.toml -o requirements-dev.lock
# An extra's lock holds what it adds to the core, at the versions of the core, of development and of
# the extras before.
known="-c requirements.lock -c requirements-dev.lock"
for extra in cities comms crowds faces ifc planning mqtt travel vision plates; do
    names=$(sed -n "s/^$extra = \[\(.*\)\]$/\1/p" pyproject.toml | tr -d '" ' | tr ',' '\n')
    # shellcheck disable=SC2086
    echo "$names" | "$uv" pip compile $common $known - -o "requirements-$extra.lock"
    known="$known -c requirements-$extra.lock"
done
