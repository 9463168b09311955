"""Every check that needs no running system, fastest first: what it runs, and how to mend what it finds.

Each is a program of its own, so that one broken check does not hide the others.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
# Settings of the static checks: no database is asked, and the keys are throwaway.
STATIC_SETTINGS = {"DJANGO_SETTINGS_MODULE": "rainbowrail.settings.test"}


@dataclass(frozen=True)
class Check:
    """One check. `fix` mends what it can by itself; `advice` says what a person does about the rest."""

    name: str
    command: Callable[[], Sequence[str | Path]]
    advice: str
    fix: Callable[[], Sequence[str | Path]] | None = None
    environment: Callable[[], dict[str, str]] = lambda: STATIC_SETTINGS


@dataclass(frozen=True)
class Result:
    """How a check went: `output` is what it said, `seconds` how long it took."""

    check: Check
    passed: bool
    output: str
    seconds: float


def run(check: Check, *, fix: bool = False) -> Result:
    """Run one check (or its mending) and return how it went."""
    command = check.fix if fix and check.fix else check.command
    began = time.monotonic()
    done = subprocess.run(
        [str(part) for part in command()],
        cwd=ROOT,
        env=os.environ | check.environment(),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return Result(check, done.returncode == 0, done.stdout.strip(), time.monotonic() - began)


def our_files(pattern: str, *folders: str) -> list[Path]:
    """Return our files that match `pattern`, below `folders` or anywhere."""
    roots = [ROOT / folder for folder in folders] if folders else [ROOT]
    found = (path for root in roots for path in root.rglob(pattern))
    return sorted(
        path for path in found if not {".venv", ".run", "staticfiles", "node_modules"} & set(path.relative_to(ROOT).parts)
    )


def deploy_environment(process: str) -> dict[str, str]:
    """Return what a production process would be told, with throwaway keys and a database that is never asked."""
    return {
        "DJANGO_SETTINGS_MODULE": "rainbowrail.settings.production",
        "RAINBOWRAIL_PROCESS": process,
        "RAINBOWRAIL_KEYS": str(throwaway_keys() / process),
        "RAINBOWRAIL_HOSTS": "help.example.org",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "RAINBOWRAIL_STATIC": str(throwaway_keys() / "static"),
    }


_folders: list[tempfile.TemporaryDirectory[str]] = []


def throwaway_keys() -> Path:
    """Return a folder with a full set of keys that nothing will ever be sealed with; gone when the checks end."""
    if not _folders:
        _folders.append(tempfile.TemporaryDirectory(prefix="rainbowrail-check-"))
        folder = Path(_folders[0].name)
        (folder / "static").mkdir()
        environment = os.environ | STATIC_SETTINGS | {"RAINBOWRAIL_PROCESS": "owner", "RAINBOWRAIL_KEYS": str(folder / "owner")}
        command = [*MANAGE, "keys", "make", "--into", str(folder)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return Path(_folders[0].name)


def all_checks() -> Iterator[Check]:
    """Yield the checks, fastest first."""
    yield Check(
        "Python is laid out",
        lambda: [BIN / "ruff", "format", "--check", "--quiet", "--output-format", "concise", "."],
        "run `make fix`",
        fix=lambda: [BIN / "ruff", "format", "--quiet", "."],
    )
    yield Check(
        "Python is clean",
        lambda: [BIN / "ruff", "check", "--output-format", "concise", "."],
        "run `make fix`; what remains says what it wants",
        fix=lambda: [BIN / "ruff", "check", "--fix", "--output-format", "concise", "."],
    )
    yield Check(
        "Django idioms are of today",
        lambda: [BIN / "django-upgrade", "--check", "--target-version", "6.1", *our_files("*.py")],
        "run `make fix`",
        fix=lambda: [BIN / "django-upgrade", "--exit-zero-even-if-changed", "--target-version", "6.1", *our_files("*.py")],
    )
    yield Check(
        # djlint's own layout is left out: it fights with this one, and moves white space inside sentences.
        "templates are laid out",
        lambda: [BIN / "djade", "--check", "--target-version", "6.1", *our_files("*.html", "templates")],
        "run `make fix`",
        # djade answers 1 when it changed something, which is what was asked for.
        fix=lambda: [
            "sh",
            "-c",
            '"$0" "$@" || true',
            BIN / "djade",
            "--target-version",
            "6.1",
            *our_files("*.html", "templates"),
        ],
    )
    yield Check(
        "compose file follows the Compose specification",
        lambda: [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        "the line above names the key of docker-compose.yml that the specification does not allow",
    )
    yield Check(
        "arrows between packages point one way",
        lambda: [BIN / "lint-imports", "--no-cache"],
        "move the code down, or send a signal (docs/contributing.md); the contracts stand in pyproject.toml",
    )
    yield Check(
        "dependencies are declared and used",
        lambda: [BIN / "deptry", ".", "--no-ansi"],
        "declare it in pyproject.toml with its reason, or remove it, then `make lock`",
    )
    yield Check(
        "translations follow the source and are whole",
        lambda: [*MANAGE, "translations", "check"],
        "run `manage.py translations extract`, translate what is missing, `manage.py translations` (docs/languages.md)",
        fix=lambda: [*MANAGE, "translations", "extract"],
    )
    yield Check(
        "the page about privacy, and the README's first promise, say what the models say",
        lambda: [*MANAGE, "privacy", "--check"],
        "run `manage.py privacy --write` and read what changed: it is what a thief of the database learns",
        fix=lambda: [*MANAGE, "privacy", "--write"],
    )
    yield Check(
        "the README draws the lifecycle as it is",
        lambda: [*MANAGE, "lifecycle_diagram", "--check"],
        "run `manage.py lifecycle_diagram`",
        fix=lambda: [*MANAGE, "lifecycle_diagram"],
    )
    yield Check(
        "migrations match the models",
        # Without a database Django warns that it cannot compare histories; the comparison with the models needs none.
        lambda: [sys.executable, "-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run"],
        "run `manage.py makemigrations APP --name what_it_does`",
    )
    for process in ("public", "staff", "worker"):
        yield Check(
            f"production settings are safe: {process}",
            lambda: [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
            "the check names the setting; rainbowrail/settings/base.py is where production settings stand",
            environment=lambda process=process: deploy_environment(process),  # type: ignore[misc]
        )
    yield Check(
        "templates are clean",
        lambda: [BIN / "djlint", "templates", "--lint", "--quiet"],
        "the code before each line is explained in djlint's list of rules",
    )
    yield Check("types agree", lambda: [BIN / "mypy"], "each line names what was expected and what was given")
