"""Reads one environment variable, with a type and a complaint that says what to do."""

import os
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


class Process(StrEnum):
    """Which process this is: the one setting that decides apps, URLs, keys and database role (docs/decisions/0001)."""

    PUBLIC = "public"
    STAFF = "staff"
    WORKER = "worker"
    CLOCK = "clock"
    OWNER = "owner"
    TEST = "test"
    DEMO = "demo"  # plays all parts, once, to fill the invented world; production settings refuse it


def text(name: str, default: str | None = None) -> str:
    """Return the variable, or the content of the file that NAME_FILE names (for secrets), or `default`.

    Raises ImproperlyConfigured when it is needed and missing, or when the file cannot be read.
    """
    if file := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {file!r}, which cannot be read: {error.strerror}.") from error
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"The environment variable {name} is not set; docs/operations.md says what it must hold.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """Return a yes/no variable. Raises ImproperlyConfigured for any other word."""
    value = os.environ.get(name, "yes" if default else "no").strip().lower()
    if value not in {"yes", "no", "true", "false", "1", "0"}:
        raise ImproperlyConfigured(f"{name} is {value!r}; say yes or no.")
    return value in {"yes", "true", "1"}


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated variable as a list without empty words."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def process(default: Process | None = None) -> Process:
    """Return which process this is. Raises ImproperlyConfigured with the valid answers for any other word."""
    value = text("RAINBOWRAIL_PROCESS", default.value if default else None)
    try:
        return Process(value)
    except ValueError as error:
        valid = ", ".join(Process)
        raise ImproperlyConfigured(f"RAINBOWRAIL_PROCESS is {value!r}; it must be one of: {valid}.") from error


_demo_may_be: list[bool] = []


def open_demo() -> None:
    """Let the settings that are read next be a demo's: `rainbowrail.settings.dev` says so, and nothing that serves people."""
    _demo_may_be.append(True)


def demo() -> bool:
    """Return whether this is the demo. Raises ImproperlyConfigured when it is asked for on settings that are not for one."""
    wanted = flag("RAINBOWRAIL_DEMO")
    if (wanted or process() is Process.DEMO) and not _demo_may_be:
        raise ImproperlyConfigured(
            "RAINBOWRAIL_DEMO is set, or RAINBOWRAIL_PROCESS is demo, on settings that are not rainbowrail.settings.dev. "
            "Anybody enters a demo by one click, so nothing starts; unset it."
        )
    return wanted


def path(name: str, default: Path | None = None) -> Path:
    """Return a folder or file named by the variable."""
    return Path(text(name, str(default) if default else None)).expanduser()


def optional_path(name: str) -> Path | None:
    """Return a folder or file named by the variable, or None when it is not set or empty."""
    value = text(name, "")
    return Path(value).expanduser() if value else None


def database(name: str = "DATABASE_URL", default: str | None = None) -> dict[str, object]:
    """Return a Django database setting from a `postgresql://user:password@host:port/name` address.

    A host given as `?host=/folder` is a socket folder. Raises ImproperlyConfigured for any other scheme.
    """
    url = urlsplit(text(name, default))
    if url.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"{name} must begin with postgresql://, not {url.scheme!r}.")
    query = dict(parse_qsl(url.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")) or "rainbowrail",
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.pop("host", url.hostname or ""),
        "PORT": str(url.port or query.pop("port", "")),
        "OPTIONS": dict(query),
    }
