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


def start(folder: Path, process: str, *, program: str = "", **told: str | None) -> "subprocess.CompletedProcess[str]":
    """Run a program as this process; a variable that is None is not set."""
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
        [sys.executable, "-c", program or PROGRAMS[process]],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in environment.items() if value is not None},
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


OTHER_SETTINGS = "from rainbowrail.settings.base import *\nALLOWED_HOSTS = ['*']\n"
MANAGE = (
    "from django.core.management import execute_from_command_line as run; run(['manage.py', 'keys', 'show']); print('serves')"
)
CLOCK = "from rainbowrail.celery import app; app.conf.broker_url; print('serves')"


@pytest.mark.parametrize("told", [{"RAINBOWRAIL_DEMO": "yes"}, {"RAINBOWRAIL_PROCESS": "demo"}], ids=["demo", "process"])
@pytest.mark.parametrize("module", ["rainbowrail.settings.base", "rainbowrail.settings.production", "settings_of_an_office"])
@pytest.mark.parametrize("program", [DOOR, WORKER, MANAGE, CLOCK], ids=["door", "worker", "manage", "clock"])
def test_no_settings_but_those_of_development_are_ever_a_demo(
    good: Path, tmp_path: Path, module: str, told: dict[str, str], program: str
) -> None:
    """Whatever starts, on whatever settings somebody wrote: the demo door lets everybody in."""
    (tmp_path / "settings_of_an_office.py").write_text(OTHER_SETTINGS)
    process = "staff" if program is DOOR else "clock" if program is CLOCK else "worker"
    told = {"DJANGO_SETTINGS_MODULE": module, "PYTHONPATH": f"{settings.BASE_DIR}{os.pathsep}{tmp_path}", **told}

    done = start(good / process, process, program=program, **told)

    assert done.returncode != 0 and "serves" not in done.stdout
    assert "Anybody enters a demo by one click" in done.stderr


@pytest.mark.parametrize("program", [DOOR, WORKER], ids=["door", "worker"])
def test_what_serves_takes_the_settings_of_production_when_nobody_names_any(good: Path, program: str) -> None:
    process = "staff" if program is DOOR else "worker"
    told = "from django.conf import settings; print(settings.SETTINGS_MODULE, settings.SECURE_COOKIES)"
    asked = f"import rainbowrail.celery\n{program}; {told}"

    done = start(good / process, process, program=asked, DJANGO_SETTINGS_MODULE=None)

    assert "rainbowrail.settings.production True" in done.stdout, done.stderr[-2000:]


def test_commands_take_those_of_development_in_a_working_copy_only(tmp_path: Path) -> None:
    """What `make` leaves in the environment that it installs says which it is."""
    ask = (
        "import os, sys; sys.prefix = sys.argv.pop(1); import manage; manage.main(); "
        "print(os.environ['DJANGO_SETTINGS_MODULE'])"
    )
    environment = {"PATH": os.environ["PATH"], "RAINBOWRAIL_PROCESS": "clock", "REDIS_URL": "redis://127.0.0.1:9/0"}
    environment["DATABASE_URL"] = "postgresql://none@127.0.0.1:9/none"

    def named() -> str:
        command = [sys.executable, "-c", ask, str(tmp_path), "version"]
        done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True)
        return done.stdout.split()[-1]

    assert named() == "rainbowrail.settings.production"
    (tmp_path / ".rainbowrail-installed").touch()
    assert named() == "rainbowrail.settings.dev"
