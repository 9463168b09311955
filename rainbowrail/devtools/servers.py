"""Starts a real PostgreSQL and a real Valkey from packages, on loopback, without root, Docker or an account.

    with Servers(Path(".run/demo/servers")) as servers:
        servers.database_url("rainbowrail")     # as the cluster's administrator
        servers.redis_url()

Several processes may use the same folder: the first starts the servers, the last to leave stops them, and servers left behind
by a process that was killed are taken over. Both servers ask for a password, which lies in a 0600 file in the folder.
For development and tests only; production uses the distribution's servers or the official images.
"""

import fcntl
import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psycopg
import redis

from rainbowrail.devtools import programs
from rainbowrail.devtools.account import account, place_for
from rainbowrail.devtools.errors import CannotRun
from rainbowrail.devtools.logins import ADMIN

START_SECONDS = 60
# The server's log must never hold what a statement carried (docs/decisions/0001): no statement text, no parameter, no address.
QUIET = {
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_connections": "off",
    "log_disconnections": "off",
    "log_error_verbosity": "terse",
    "log_hostname": "off",
}
# A test database need not survive a power cut.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "10s"}


class Servers:
    """A PostgreSQL cluster and a Valkey whose files lie in one folder (or, for root, where the servers' account can reach).

    `hasty` trades safety after a power cut for speed, and throws a cluster away that does not start: for tests.
    Ports given are demanded; ports not given are chosen free and kept for the next start while they stay free.
    """

    def __init__(
        self, folder: Path, *, hasty: bool = False, postgres_port: int | None = None, redis_port: int | None = None
    ) -> None:
        self.folder = folder.resolve()
        self.hasty = hasty
        self._demanded = {"postgres_port": postgres_port, "redis_port": redis_port}
        self._users: IO[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    # --- what callers need ---

    def database_url(self, name: str = ADMIN, *, user: str = ADMIN, password: str | None = None) -> str:
        """Return the address of database `name` for `user`; the cluster's administrator unless told otherwise."""
        state = self._state()
        secret = state["postgres_password"] if password is None else password
        return f"postgresql://{quote(user)}:{quote(str(secret))}@127.0.0.1:{state['postgres_port']}/{quote(name)}"

    def redis_url(self, number: int = 0) -> str:
        """Return the address of Valkey's database `number` (0 to 255)."""
        state = self._state()
        return f"redis://:{quote(str(state['redis_password']))}@127.0.0.1:{state['redis_port']}/{number}"

    def start(self) -> None:
        """Start what does not run yet, and count ourselves among the users. Raises CannotRun with one sentence."""
        if self._users is not None:
            return
        self._who = account()
        self.place = place_for(self.folder, self._who)
        with self._alone():
            users = (self.folder / "users.lock").open("a")
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                self._start_postgres()
                self._start_valkey()
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
                self._stop_valkey()
                self._stop_postgres()
            self._users.close()
            self._users = None

    def wipe(self) -> None:
        """Stop the servers and remove all they kept. Raises CannotRun while somebody else uses them."""
        self.start()
        self.stop()
        if self._postgres_runs():
            raise CannotRun(f"The servers in {self.folder} are in use by another process; stop it first.")
        for part in ("postgres", "valkey"):
            shutil.rmtree(self.place / part, ignore_errors=True)
        (self.folder / "servers.json").unlink(missing_ok=True)

    # --- PostgreSQL ---

    def _start_postgres(self) -> None:
        if self._postgres_runs():
            return
        data = self.place / "postgres"
        if not (data / "PG_VERSION").exists():
            self._make_cluster(data)
        self._choose_port("postgres_port")
        self._forget_dead_postmaster(data)
        if self._pg_ctl("start").returncode == 0:
            return
        if self.hasty:
            shutil.rmtree(data)
            self._make_cluster(data)
            if self._pg_ctl("start").returncode == 0:
                return
        raise CannotRun(f"PostgreSQL did not start; its log is {self.place / 'postgres' / 'server.log'}.")

    def _make_cluster(self, data: Path) -> None:
        self._who.own(data)
        password = secrets.token_urlsafe(24)
        # initdb demands a file for the password; it lies in the account's private folder for a second.
        passfile = self._who.own(self.place / "secrets") / "password"
        passfile.write_text(password)
        if not self._who.is_ours:
            os.chown(passfile, self._who.uid, self._who.gid)
        sync = ["--no-sync"] if self.hasty else []
        options = [
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--auth=scram-sha-256",
            f"--username={ADMIN}",
            f"--pwfile={passfile}",
            *sync,
        ]
        try:
            done = self._run("initdb", "--pgdata", str(data), *options)
            if done.returncode:
                options[1] = "--locale=C"
                shutil.rmtree(data)
                self._who.own(data)
                done = self._run("initdb", "--pgdata", str(data), *options)
        finally:
            shutil.rmtree(passfile.parent)
        if done.returncode:
            raise CannotRun(f"PostgreSQL could not make its data folder {data}: {done.stderr.strip().splitlines()[-1:]}")
        self._remember(postgres_password=password)

    def _pg_ctl(self, verb: str) -> subprocess.CompletedProcess[str]:
        data = self.place / "postgres"
        settings = {
            "port": str(self._state().get("postgres_port", "")),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **QUIET,
            **(HASTY if self.hasty else {}),
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        more = ["--log", str(data / "server.log"), "--options", options] if verb == "start" else ["--mode", "fast"]
        return self._run("pg_ctl", verb, "--pgdata", str(data), "--wait", "--timeout", str(START_SECONDS), "--silent", *more)

    def _stop_postgres(self) -> None:
        self._pg_ctl("stop")

    def _postgres_runs(self) -> bool:
        state = self._state()
        if (
            "postgres_port" not in state
            or "postgres_password" not in state
            or not (self.place / "postgres" / "postmaster.pid").exists()
        ):
            return False
        try:
            psycopg.connect(self.database_url(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _forget_dead_postmaster(self, data: Path) -> None:
        """Remove the note of a server that was killed when its number now belongs to another program; PostgreSQL would balk."""
        note = data / "postmaster.pid"
        if not note.exists():
            return
        command = Path("/proc") / note.read_text().split("\n", 1)[0].strip() / "cmdline"
        if Path("/proc/self").exists() and (not command.exists() or str(data).encode() not in command.read_bytes()):
            note.unlink()

    # --- Valkey ---

    def _start_valkey(self) -> None:
        if self._valkey_runs():
            return
        data = self._who.own(self.place / "valkey")
        self._choose_port("redis_port")
        password = secrets.token_urlsafe(24)
        settings = {
            "port": str(self._state()["redis_port"]),
            "bind": "127.0.0.1",
            "requirepass": password,
            "databases": "256",
            "daemonize": "yes",
            "dir": str(data),
            "logfile": str(data / "server.log"),
            "save": '""',  # PostgreSQL is the only truth; nothing of the queue touches a disk
            "appendonly": "no",
        }
        program = programs.valkey_server(self.place / "programs", self._who)
        # The settings go through standard input: the password stands neither in a file nor in the list of processes.
        text = "".join(f"{name} {value}\n" for name, value in settings.items())
        done = subprocess.run(
            [program, "-"], input=text, text=True, capture_output=True, cwd="/", env={}, check=False, **self._who.popen()
        )
        self._remember(redis_password=password)
        ends = time.monotonic() + START_SECONDS
        while done.returncode == 0 and time.monotonic() < ends:
            if self._valkey_runs():
                return
            time.sleep(0.02)
        raise CannotRun(f"Valkey did not start; its log is {data / 'server.log'}.")

    def _valkey_runs(self) -> bool:
        state = self._state()
        if "redis_port" not in state or "redis_password" not in state:
            return False
        with redis.Redis.from_url(self.redis_url(), socket_connect_timeout=5) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def _stop_valkey(self) -> None:
        with redis.Redis.from_url(self.redis_url(), socket_connect_timeout=5) as client:
            try:
                client.shutdown(nosave=True, now=True)
            except redis.RedisError:
                return  # it was gone already

    # --- the folder's own notes ---

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one process at a time start or stop the servers of this folder."""
        with (self.folder / "start.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _state(self) -> dict[str, int | str]:
        path = self.folder / "servers.json"
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def _remember(self, **more: int | str) -> None:
        path = self.folder / "servers.json"
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(self._state() | more))
        fresh.replace(path)

    def _choose_port(self, name: str) -> None:
        demanded = self._demanded[name]
        kept = self._state().get(name)
        if demanded is not None:
            if not is_free(demanded):
                raise CannotRun(f"Port {demanded} on 127.0.0.1 is taken; choose another or stop what uses it.")
            self._remember(**{name: demanded})
        elif not isinstance(kept, int) or not is_free(kept):
            self._remember(**{name: free_port()})

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        path = programs.postgres_bin(self.place / "programs", self._who) / program
        keep = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"}
        log = self.place / f"{program}.out"
        with log.open("w") as out:
            done = subprocess.run(
                [path, *arguments],
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                cwd="/",
                env=keep,
                check=False,
                text=True,
                **self._who.popen(),
            )
        # Written to a file: PostgreSQL inherits the streams, and a pipe would wait for it to end.
        done.stderr = log.read_text()
        return done


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Say whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
