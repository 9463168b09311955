"""Who the embedded servers run as, and where that account may keep its files.

PostgreSQL refuses to run as root. For root the servers run as `nobody`, who must be able to walk to its data folder and to
the wheel's programs. We never loosen the permissions of a folder that is not ours: what lies out of reach is kept or copied
elsewhere.
"""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rainbowrail.devtools.errors import CannotRun

UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class Account:
    """The account that runs the servers: our own, or an unprivileged one when we are root."""

    uid: int
    gid: int
    is_ours: bool

    def popen(self) -> dict[str, Any]:
        """Return the arguments that make `subprocess` run a program as this account."""
        return {} if self.is_ours else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_walk_to(self, path: Path) -> bool:
        """Say whether this account may traverse every folder above `path`."""
        return self.is_ours or all(
            self._may(parent, stat.S_IXUSR, stat.S_IXGRP, stat.S_IXOTH) for parent in path.resolve().parents
        )

    def can_read(self, path: Path) -> bool:
        """Say whether this account may read `path` and walk to it."""
        return self.is_ours or (self.can_walk_to(path) and self._may(path, stat.S_IRUSR, stat.S_IRGRP, stat.S_IROTH))

    def own(self, folder: Path) -> Path:
        """Make `folder` a private folder (0700) of this account. Raises CannotRun when somebody else's lies there."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in {self.uid, os.getuid()}:
            raise CannotRun(f"{folder} belongs to somebody else; move it away and try again.")
        if not self.is_ours:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)
        return folder

    def _may(self, path: Path, owner: int, group: int, other: int) -> bool:
        about = path.stat()
        if about.st_uid == self.uid:
            return bool(about.st_mode & owner)
        return bool(about.st_mode & (group if about.st_gid == self.gid else other))


def account() -> Account:
    """Return who the servers run as. Raises CannotRun for an account that PostgreSQL would refuse."""
    if os.getuid() != 0:
        try:
            pwd.getpwuid(os.getuid())
        except KeyError as error:
            raise CannotRun(
                f"PostgreSQL refuses an account without a name, and number {os.getuid()} has none; add it to /etc/passwd."
            ) from error
        return Account(os.getuid(), os.getgid(), is_ours=True)
    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError as error:
        raise CannotRun(
            f"PostgreSQL refuses to run as root and this machine has no account {UNPRIVILEGED!r}; run as another user."
        ) from error
    return Account(entry.pw_uid, entry.pw_gid, is_ours=False)


def place_for(folder: Path, who: Account) -> Path:
    """Return where the servers of `folder` keep their files: `folder` itself, or a private folder elsewhere when out of reach.

    The other place bears a name made from `folder`, so that the next start finds the same data.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if who.can_walk_to(folder / "data") or who.is_ours:
        return folder
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    roof = Path("/var/tmp") if Path("/var/tmp").is_dir() else Path(tempfile.gettempdir())  # noqa: S108 - own() refuses what is not ours
    return who.own(roof / f"rainbowrail-{name}")


def within_reach(tree: Path, probes: list[Path], copy_to: Path, who: Account) -> Path:
    """Return `tree`, or a copy of it under `copy_to` when the account cannot read one of `probes` (paths below `tree`)."""
    if all(who.can_read(tree / probe) for probe in probes):
        return tree
    return duplicate(tree, copy_to)


def duplicate(tree: Path, copy_to: Path) -> Path:
    """Copy `tree` under `copy_to`, readable by everybody who can walk there, and return the copy. A finished copy is kept."""
    copy = copy_to / tree.name
    if not copy.exists():
        half = copy.with_name(f"{copy.name}.half")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(tree, half, symlinks=True)
        for path in [half, *half.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        half.rename(copy)
    return copy
