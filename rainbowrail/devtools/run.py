"""`python -m rainbowrail.devtools.run`: what `make run` starts. Reads PORT, FRESH, SEED, DATABASE_URL and REDIS_URL."""

import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from rainbowrail.devtools.errors import CannotRun
from rainbowrail.devtools.world import ROOT, World

RUN_FOLDER = ROOT / ".run" / "demo"
DEFAULT_SEED = "--cases 60"


class StopAsked(Exception):
    """Somebody pressed Ctrl-C, closed the terminal or sent SIGTERM."""


def main() -> int:
    """Run the demo until told to stop; returns 0 when asked to stop, 1 with one sentence when it cannot run."""

    def stop(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)  # stopping is under way; a second Ctrl-C must not cut it short
        raise StopAsked

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)

    began = time.monotonic()
    world = None
    try:
        world = World(
            Path(os.environ.get("RUN_FOLDER") or RUN_FOLDER),
            port=port(),
            fresh=os.environ.get("FRESH", "") not in {"", "0", "no"},
            database_url=os.environ.get("DATABASE_URL") or None,
            redis_url=os.environ.get("REDIS_URL") or None,
            seed=seed(),
            say=say,
        )
        world.start()
        say(welcome(world, time.monotonic() - began))
        world.watch()
    except StopAsked:
        say("Stopping …")
    except CannotRun as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Could not use {error.filename or 'a file'}: {error.strerror}.", file=sys.stderr)
        return 1
    finally:
        if world:
            world.stop()
    say("Stopped; what you did is kept. `make run` goes on, `make run FRESH=1` starts over.")
    return 0


def port() -> int:
    """Return the public door's port. Raises CannotRun for anything but 1024 to 65534."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 1024 <= int(text) <= 65534:
        raise CannotRun(f"PORT is {text!r}; it must be a number from 1024 to 65534.")
    return int(text)


def seed() -> list[str] | None:
    """Return the arguments of `seed_demo`, or None for an empty world (SEED=no)."""
    text = os.environ.get("SEED") or DEFAULT_SEED
    return None if text == "no" else text.split()


def welcome(world: World, seconds: float) -> str:
    """Return what a person needs who has just started this for the first time."""
    seeded = world.folder / "seeded.txt"
    lines = [
        "",
        f"Rainbowrail runs (ready after {seconds:.0f} seconds). Everybody in it is invented.",
        "",
        f"  Public door, for applicants   {world.public_url}",
        f"  Staff door, for caseworkers   {world.staff_url}",
        f"  Demo door, to be one of them  {world.staff_url}/demo/",
        "",
        *([seeded.read_text().strip("\n"), ""] if seeded.exists() else []),
        f"Logs: {world.logs}   Mails it sent: {world.folder / 'mail'}",
        "Ctrl-C stops everything.",
    ]
    return "\n".join(lines)


def say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
