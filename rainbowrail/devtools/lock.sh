#!/usr/bin/env bash
# Writes both lock files from pyproject.toml: every version with its hashes, no package index named. `--upgrade` takes newer versions.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. rainbowrail/devtools/uv.sh

get_uv
compile() { "$uv" pip compile --quiet --universal --generate-hashes --python-version 3.12 --no-header --no-emit-index-url "$@"; }
compile pyproject.toml --extra openpgp --output-file requirements.lock "$@"
compile pyproject.toml --extra openpgp --group dev --constraint requirements.lock --output-file requirements-dev.lock "$@"
if grep -nE 'https?://|--(index|extra-index|find-links)' requirements.lock requirements-dev.lock; then
    echo "A lock file names an address (above); remove it." >&2
    exit 1
fi
