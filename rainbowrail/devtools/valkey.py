"""A Valkey (Redis protocol) from the wheel's own program, on loopback, behind a password, that writes nothing to a disk."""

import secrets
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import redis

from rainbowrail.devtools import programs
from rainbowrail.devtools.account import Account
from rainbowrail.devtools.errors import CannotRun
from rainbowrail.devtools.notes import Notes

START_SECONDS = 20
DATABASES = 256


class Valkey:
    """The server in `place`/valkey, run by `who`."""

    def __init__(self, place: Path, who: Account, notes: Notes, *, port: int | None) -> None:
        self.place, self.who, self.notes, self.port = place, who, notes, port
        self.data = place / "valkey"

    def address(self, number: int) -> str:
        noted = self.notes.all()
        return f"redis://:{quote(str(noted['redis_password']))}@127.0.0.1:{noted['redis_port']}/{number}"

    def runs(self) -> bool:
        """Say whether our server answers."""
        if not {"redis_port", "redis_password"} <= set(self.notes.all()):
            return False
        with redis.Redis.from_url(self.address(0), socket_connect_timeout=5) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def start(self) -> None:
        """Start the server unless it runs, under a new password."""
        if self.runs():
            return
        self.who.own(self.data)
        password = secrets.token_urlsafe(24)
        settings = {
            "port": str(self.notes.port("redis_port", self.port)),
            "bind": "127.0.0.1",
            "requirepass": password,
            "databases": str(DATABASES),
            "daemonize": "yes",
            "dir": str(self.data),
            "logfile": str(self.data / "server.log"),
            "save": "",  # PostgreSQL is the only truth; nothing of the queue touches a disk
            "appendonly": "no",
        }
        # The settings go through standard input: the password stands neither in a file nor in the list of processes.
        text = "".join(f'{name} "{value}"\n' for name, value in settings.items())
        program = programs.valkey_server(self.place / "programs", self.who)
        done = subprocess.run(
            [program, "-"], input=text, text=True, capture_output=True, cwd="/", env={}, check=False, **self.who.popen()
        )
        self.notes.write(redis_password=password)
        ends = time.monotonic() + START_SECONDS
        while done.returncode == 0 and time.monotonic() < ends:
            if self.runs():
                return
            time.sleep(0.02)
        raise CannotRun(f"Valkey did not start; its log is {self.data / 'server.log'}.")

    def stop(self) -> None:
        with redis.Redis.from_url(self.address(0), socket_connect_timeout=5) as client:
            try:
                client.shutdown(nosave=True, now=True)
            except redis.RedisError:
                return  # it was gone already
