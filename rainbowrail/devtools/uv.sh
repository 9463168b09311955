# Sourced by install.sh and lock.sh: sets $uv to a uv that works, getting one without root when the machine has none.

find_uv() {
    local candidate
    for candidate in "$(command -v uv || true)" "${HOME:-/nonexistent}/.local/bin/uv" .run/uv/bin/uv; do
        # A shim may be on the path without a program behind it, so we ask it to answer.
        if [ -n "$candidate" ] && "$candidate" --version >/dev/null 2>&1; then
            uv="$candidate"
            return 0
        fi
    done
    return 1
}

get_uv() {
    find_uv && return 0
    echo "Getting uv …"
    local python
    for python in python3 python3.13 python3.12 python3.14 python; do
        if command -v "$python" >/dev/null 2>&1 && "$python" -m venv .run/uv >/dev/null 2>&1 \
            && .run/uv/bin/pip install --quiet --disable-pip-version-check uv >/dev/null 2>&1 && find_uv; then
            return 0
        fi
        rm -rf .run/uv
    done
    if command -v pipx >/dev/null 2>&1 && pipx install uv >/dev/null 2>&1 && find_uv; then
        return 0
    fi
    if command -v curl >/dev/null 2>&1 && curl -LsSf https://astral.sh/uv/install.sh 2>/dev/null \
        | env UV_INSTALL_DIR="$PWD/.run/uv/bin" UV_NO_MODIFY_PATH=1 sh >/dev/null 2>&1 && find_uv; then
        return 0
    fi
    echo "Could not get uv by venv, pipx or its installer; install uv (docs.astral.sh/uv) or python3-venv and run this again." >&2
    return 1
}
