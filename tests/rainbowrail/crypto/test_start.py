"""Production starts with the right keys only: each door and the worker as a real process, under production settings."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from rainbowrail.crypto.sources import files
from rainbowrail.crypto.sources.files import KeyFile, Kind
from tests.rainbowrail.crypto.folders import MADE_ON, all_folders

DOOR = "import rainbowrail.wsgi; print('serves')"
WORKER = (
    "import django; django.setup()\n"
    "from celery.signals import worker_init\n"
    "from rainbowrail.celery import app\n"
    "worker_init.send(sender=None)\n"
    "print('serves')"
)
PROGRAMS = {"public": DOOR, "staff": DOOR, "worker": WORKER}


def start(folder: Path, process: str, **told: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        "DJANGO_SETTINGS_MODULE": "rainbowrail.settings.production",
        "RAINBOWRAIL_PROCESS": process,
        "RAINBOWRAIL_KEYS": str(folder),
        "DATABASE_URL": "postgresql://none@127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "RAINBOWRAIL_HOSTS": "example.org",
        "PATH": os.environ["PATH"],
        **told,
    }
    return subprocess.run(
        [sys.executable, "-c", PROGRAMS[process]],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def missing(folder: Path) -> None:
    next(folder.glob("*.pub" if folder.name == "public" else "store-1.key")).unlink()


def identical(folder: Path) -> None:
    """One secret in two files: a pepper again, or the store key as index key."""
    keys = {key.kind: key for key in files.read(folder)}
    source = keys.get(Kind.STORE) or keys[Kind.PEPPER]
    target = Kind.INDEX if Kind.INDEX in keys else Kind.PEPPER
    number = "7"
    files.write(folder, KeyFile(target, number, MADE_ON, demo=False, secret=source.secret))


def world_readable(folder: Path) -> None:
    next(folder.glob("*.key")).chmod(0o644)


def folder_for_all(folder: Path) -> None:
    folder.chmod(0o755)


def cookie_gone(folder: Path) -> None:
    (folder / "cookie.key").unlink()


def damaged(folder: Path) -> None:
    next(folder.glob("*-*.key")).write_text("{}")


HARMS: list[tuple[Callable[[Path], None], str]] = [
    (missing, "needs a key of the kind"),
    (identical, "hold the same key"),
    (world_readable, "can be used by others"),
    (folder_for_all, "can be used by others"),
    (cookie_gone, "cookie.key"),
    (damaged, "cannot be read as a key file"),
]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return all_folders(tmp_path_factory.mktemp("keys"))


@pytest.mark.parametrize("process", PROGRAMS)
def test_a_process_starts_with_its_own_keys(good: Path, process: str) -> None:
    done = start(good / process, process)

    assert (done.returncode, "serves" in done.stdout) == (0, True), done.stderr[-2000:]


@pytest.mark.parametrize("process", ["public", "worker"])
@pytest.mark.parametrize(("harm", "words"), HARMS, ids=lambda value: getattr(value, "__name__", None))
def test_a_process_with_wrong_keys_refuses_to_start_and_says_why(
    good: Path, tmp_path: Path, process: str, harm: Callable[[Path], None], words: str
) -> None:
    folder = tmp_path / process
    shutil.copytree(good / process, folder)
    harm(folder)

    done = start(folder, process)

    assert done.returncode != 0
    assert "serves" not in done.stdout
    assert words in done.stderr
    for key in files.read(good / process):
        assert not key.secret or key.secret.hex() not in done.stderr


@pytest.mark.parametrize("process", ["public", "worker"])
def test_production_refuses_the_keys_of_the_demo(tmp_path: Path, process: str) -> None:
    folders = all_folders(tmp_path / "keys", demo=True)

    done = start(folders / process, process)

    assert done.returncode != 0
    assert "made for the demo" in done.stderr
    assert "RAINBOWRAIL_DEMO is set" in start(folders / process, process, RAINBOWRAIL_DEMO="yes").stderr
