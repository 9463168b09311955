"""The Chromium of this machine, for tests and pictures; none is ever downloaded."""

import os
import shutil

from rainbowrail.devtools.errors import CannotRun

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Chromium would otherwise ask its maker's hosts for things, which this machine need not reach.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def program() -> str:
    """Return its path. Raises CannotRun with a sentence that says how to get one."""
    found = next((path for path in map(shutil.which, PROGRAMS) if path), None)
    if found is None:
        raise CannotRun(f"No browser ({', '.join(PROGRAMS)}) on the path; on Debian or Ubuntu: apt-get install chromium")
    return found


def arguments() -> list[str]:
    """Return what it is started with."""
    sandbox = ["--no-sandbox"] if os.getuid() == 0 else []  # Chromium refuses to run as root with it
    return [*sandbox, *QUIET]
