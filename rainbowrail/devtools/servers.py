"""Starts a real PostgreSQL and a real Valkey from packages, on loopback, without root, Docker or an account.

    with Servers(Path(".run/demo/servers")) as servers:
        servers.database_url("rainbowrail")     # as the cluster's administrator
        servers.redis_url()

Several processes may use the same folder: the first starts the servers, the last to leave stops them, and servers left behind
by a process that was killed are taken over. Both servers ask for a password, which lies in a 0600 file in the folder.
For development and tests only; production uses the distribution's servers or the official images (docs/decisions/0002).
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from rainbowrail.devtools.account import account, place_for
from rainbowrail.devtools.errors import CannotRun
from rainbowrail.devtools.logins import ADMIN
from rainbowrail.devtools.notes import Notes
from rainbowrail.devtools.postgres import Postgres
from rainbowrail.devtools.valkey import Valkey


class Servers:
    """A PostgreSQL cluster and a Valkey whose files lie in one folder (or, for root, where the servers' account can reach).

    `hasty` trades safety after a power cut for speed, and throws a cluster away that does not start: for tests.
    Ports given are demanded; ports not given are chosen free and kept for the next start while they stay free.
    """

    def __init__(
        self, folder: Path, *, hasty: bool = False, postgres_port: int | None = None, redis_port: int | None = None
    ) -> None:
        self.folder = folder.resolve()
        self._hasty, self._postgres_port, self._redis_port = hasty, postgres_port, redis_port
        self._users: IO[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def database_url(self, name: str = ADMIN, *, user: str = ADMIN, password: str | None = None) -> str:
        """Return the address of database `name` for `user`; the cluster's administrator unless told otherwise."""
        return self.postgres.address(name, user, password)

    def redis_url(self, number: int = 0) -> str:
        """Return the administrator's address of Valkey's database `number` (0 to 255)."""
        return self.valkey.address(number)

    def start(self) -> None:
        """Start what does not run yet, and count ourselves among the users. Raises CannotRun with one sentence."""
        if self._users is not None:
            return
        self._settle()
        with self._alone():
            users = (self.folder / "users.lock").open("a")
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                self.postgres.start()
                self.valkey.start()
            except BaseException:
                users.close()
                raise
            self._users = users

    def stop(self) -> None:
        """Leave; the servers stop when nobody else uses them."""
        if self._users is None:
            return
        with self._alone():
            try:
                # Turning our shared lock into an exclusive one succeeds only when it is the last.
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self.valkey.stop()
                self.postgres.stop()
            self._users.close()
            self._users = None

    def wipe(self) -> None:
        """Stop the servers and remove all they kept. Raises CannotRun while somebody uses them."""
        self._settle()
        with self._alone(), (self.folder / "users.lock").open("a") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CannotRun(f"The servers in {self.folder} are in use by another process; stop it first.") from None
            if self.valkey.runs():
                self.valkey.stop()
            if self.postgres.runs():
                self.postgres.stop()
            for part in ("postgres", "valkey", "programs"):
                shutil.rmtree(self.place / part, ignore_errors=True)
            if self.place != self.folder:
                shutil.rmtree(self.place)
            (self.folder / "servers.json").unlink(missing_ok=True)

    def _settle(self) -> None:
        """Find out who runs the servers and where their files lie."""
        who, notes = account(), Notes(self.folder / "servers.json")
        self.place = place_for(self.folder, who)
        self.postgres = Postgres(self.place, who, notes, hasty=self._hasty, port=self._postgres_port)
        self.valkey = Valkey(self.place, who, notes, port=self._redis_port)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one process at a time start or stop the servers of this folder."""
        with (self.folder / "start.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
