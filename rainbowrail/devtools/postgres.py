"""A PostgreSQL cluster from the wheel's own programs, on loopback, behind a password."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg

from rainbowrail.devtools import programs
from rainbowrail.devtools.account import Account
from rainbowrail.devtools.errors import CannotRun
from rainbowrail.devtools.logins import ADMIN
from rainbowrail.devtools.notes import Notes

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


class Postgres:
    """The cluster in `place`/postgres, run by `who`. `hasty`: fast, not safe, and thrown away when it does not start."""

    def __init__(self, place: Path, who: Account, notes: Notes, *, hasty: bool, port: int | None) -> None:
        self.place, self.who, self.notes, self.hasty, self.port = place, who, notes, hasty, port
        self.data = place / "postgres"

    def address(self, name: str, user: str, password: str | None) -> str:
        noted = self.notes.all()
        secret = noted["postgres_password"] if password is None else password
        return f"postgresql://{quote(user)}:{quote(str(secret))}@127.0.0.1:{noted['postgres_port']}/{quote(name)}"

    def runs(self) -> bool:
        """Say whether our cluster answers."""
        if not {"postgres_port", "postgres_password"} <= set(self.notes.all()) or not (self.data / "postmaster.pid").exists():
            return False
        try:
            psycopg.connect(self.address(ADMIN, ADMIN, None), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        """Start the cluster unless it runs, making it first when there is none."""
        if self.runs():
            return
        if not (self.data / "PG_VERSION").exists():
            self._make()
        self.notes.port("postgres_port", self.port)
        self._forget_dead_postmaster()
        if self._pg_ctl("start"):
            return
        if self.hasty:
            shutil.rmtree(self.data)
            self._make()
            if self._pg_ctl("start"):
                return
        raise CannotRun(f"PostgreSQL did not start; its log is {self.data / 'server.log'}.")

    def stop(self) -> None:
        """Stop at once; what was committed is kept."""
        self._pg_ctl("stop")

    def _make(self) -> None:
        self.who.own(self.data)
        password = secrets.token_urlsafe(24)
        # initdb demands a file for the password; it lies in the account's private folder for a second.
        passfile = self.who.own(self.place / "secrets") / "password"
        passfile.write_text(password)
        if not self.who.is_ours:
            os.chown(passfile, self.who.uid, self.who.gid)
        options = ["--encoding=UTF8", "--auth=scram-sha-256", f"--username={ADMIN}", f"--pwfile={passfile}"]
        options += ["--no-sync"] if self.hasty else []
        try:
            # The C library of some machines knows no C.UTF-8.
            made = self._run("initdb", *options, "--locale=C.UTF-8") or self._run("initdb", *options, "--locale=C")
        finally:
            shutil.rmtree(passfile.parent)
        if not made:
            raise CannotRun(f"PostgreSQL could not make its data folder {self.data}; what it said: {self.place / 'initdb.out'}")
        self.notes.write(postgres_password=password)

    def _pg_ctl(self, verb: str) -> bool:
        settings = {
            "port": str(self.notes.all().get("postgres_port", "")),
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
        more = ["--log", str(self.data / "server.log"), "--options", options] if verb == "start" else ["--mode", "fast"]
        return self._run("pg_ctl", verb, "--wait", "--timeout", str(START_SECONDS), "--silent", *more)

    def _forget_dead_postmaster(self) -> None:
        """Remove the note of a server that was killed when its number now belongs to another program; PostgreSQL would balk."""
        note = self.data / "postmaster.pid"
        if not note.exists() or not Path("/proc/self").exists():
            return
        command = Path("/proc") / note.read_text().split("\n", 1)[0].strip() / "cmdline"
        if not command.exists() or str(self.data).encode() not in command.read_bytes():
            note.unlink()

    def _run(self, program: str, *arguments: str) -> bool:
        """Run one of the wheel's programs as the account; say whether it went well."""
        path = programs.postgres_bin(self.place / "programs", self.who) / program
        keep = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"}
        # Into a file: PostgreSQL inherits the streams, and a pipe would wait for it to end.
        with (self.place / f"{program}.out").open("w") as out:
            done = subprocess.run(
                [path, *arguments, "--pgdata", str(self.data)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd="/",
                env=keep,
                check=False,
                **self.who.popen(),
            )
        return done.returncode == 0
