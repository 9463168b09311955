#!/usr/bin/env bash
# Installs exactly what the lock names into the virtual environment given as $1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. rainbowrail/devtools/uv.sh

venv="$1"
mkdir -p .run
get_uv

works() { [ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; }

if ! works; then
    rm -rf "$venv"
    # .python-version names the one we develop with; any Python from 3.12 on will do when that one cannot be had.
    if ! "$uv" venv --quiet "$venv" 2>.run/venv.err && ! "$uv" venv --quiet --python '>=3.12' "$venv" 2>>.run/venv.err; then
        echo "Could not find or get a Python from 3.12 on ($(tail -n 1 .run/venv.err)); install one and run this again." >&2
        exit 1
    fi
fi
echo "Installing what the lock names …"
if ! VIRTUAL_ENV="$PWD/$venv" "$uv" pip sync --quiet --require-hashes --python "$venv/bin/python" requirements-dev.lock; then
    echo "Could not install from requirements-dev.lock; the line above says why. A machine without network needs a package mirror." >&2
    exit 1
fi
