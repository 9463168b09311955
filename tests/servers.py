"""Brings up what the tests run against, before Django reads its settings: a PostgreSQL, a Valkey, the keys.

A pytest plugin (`-p tests.servers` in pyproject.toml), because settings are read before any conftest. The servers lie in
`.run/test`; all pytest processes of this work tree share them, each with its own slot: database and Redis number.
Given DATABASE_URL (an administrator's log-in) and REDIS_URL, those servers are used instead; of databases, only `test_…` ones.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit, urlunsplit

import pytest

from rainbowrail.devtools.errors import CannotRun
from rainbowrail.devtools.logins import ensure_roles
from rainbowrail.devtools.servers import Servers

ROOT = Path(__file__).resolve().parents[1]
RUN = ROOT / ".run" / "test"
SLOTS = range(1, 128)

_held: list[IO[str]] = []
_servers = Servers(RUN / "servers", hasty=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    try:
        bring_up()
    except CannotRun as error:
        raise pytest.UsageError(str(error)) from None
    return (yield)


def pytest_unconfigure() -> None:
    _servers.stop()
    while _held:
        _held.pop().close()


def bring_up() -> None:
    """Start or join the servers, take a slot, make the keys, and say so in the environment."""
    slot = take_slot()
    # Importing the package loads the Celery app, which names the settings of production where nothing else is named.
    os.environ["DJANGO_SETTINGS_MODULE"] = "rainbowrail.settings.test"
    os.environ["RAINBOWRAIL_PROCESS"] = "test"
    os.environ["RAINBOWRAIL_TEST_SLOT"] = str(slot)
    # The first process keeps what it was given, because it goes on to say its own addresses to the test processes it starts.
    given_database = os.environ.setdefault("TEST_DATABASE_URL", os.environ.get("DATABASE_URL", ""))
    given_redis = os.environ.setdefault("TEST_REDIS_URL", os.environ.get("REDIS_URL", ""))
    if not (given_database and given_redis):
        _servers.start()
    database, cache = given_database or _servers.database_url(), given_redis or _servers.redis_url()
    ensure_roles(database, {})
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(database)._replace(path=f"/rainbowrail_{slot}"))
    os.environ["REDIS_URL"] = urlunsplit(urlsplit(cache)._replace(path=f"/{slot}"))
    os.environ["RAINBOWRAIL_KEYS"] = str(make_keys())


def take_slot() -> int:
    """Return a number that no other pytest process of this work tree uses now; the lock is held until we exit."""
    folder = RUN / "slots"
    folder.mkdir(parents=True, exist_ok=True)
    for number in SLOTS:
        lock = (folder / str(number)).open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            _held.append(lock)
            return number
    raise CannotRun(f"More than {len(SLOTS)} test processes use this work tree at once.")


def make_keys() -> Path:
    """Return the folder that holds every key of the tests, made by `keys make` and kept until the code of keys changes."""
    code = sorted((ROOT / "rainbowrail" / "crypto").rglob("*.py"))
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()[:12]
    folder = RUN / "keys" / mark
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "all").is_dir():
            half = folder.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir(mode=0o700)
            environment = os.environ | {
                "RAINBOWRAIL_PROCESS": "test",
                "RAINBOWRAIL_KEYS": str(half / "owner"),
                "DJANGO_SETTINGS_MODULE": "rainbowrail.settings.test",
            }
            command = [sys.executable, "manage.py", "keys", "make", "--into", str(half)]
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                raise CannotRun(f"`manage.py keys make` failed: {done.stderr.strip().splitlines()[-1:]}")
            half.rename(folder)
    return folder / "all"
