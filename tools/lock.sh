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
