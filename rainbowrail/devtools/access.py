"""Who is told what: each process of a world gets its own keys, its own log-ins, and nothing of the others.

Why: docs/decisions/0001. The one that fills the demo plays all parts, once, and ends before a door opens.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import redis

from rainbowrail.devtools import logins
from rainbowrail.devtools.errors import CannotRun


@dataclass
class Access:
    """The addresses and passwords of one world.

    `admin_database` and `admin_redis` are administrators' addresses; `database` is the name of the world's own database; `told`
    is what every process gets. Passwords of the roles are made once and kept in a 0600 file in `folder`.
    """

    folder: Path
    database: str
    admin_database: str
    admin_redis: str
    told: Mapping[str, str] = field(default_factory=dict)

    def database_url(self, role: str) -> str:
        """Return the address of the database for one role; `postgres` is the administrator."""
        admin = urlsplit(self.admin_database)
        login = admin.netloc if role == logins.ADMIN else self._login(role, admin.netloc)
        return urlunsplit(admin._replace(netloc=login, path=f"/{self.database}"))

    def redis_url(self, role: str) -> str:
        """Return the address of Redis for one role; `postgres` is the administrator."""
        admin = urlsplit(self.admin_redis)
        return self.admin_redis if role == logins.ADMIN else urlunsplit(admin._replace(netloc=self._login(role, admin.netloc)))

    def environment(self, process: str) -> dict[str, str]:
        """Return all that one process (settings.env.Process) is told, and nothing that another one may know."""
        told = {
            "DJANGO_SETTINGS_MODULE": "rainbowrail.settings.dev",
            "RAINBOWRAIL_PROCESS": process,
            "RAINBOWRAIL_DEMO": "yes",
            "RAINBOWRAIL_STATIC": str(self.folder / "static"),
            "REDIS_URL": self.redis_url(logins.PUBLIC if process == "public" else logins.STAFF),
            **self.told,
        }
        if process != "clock":
            role = {"public": logins.PUBLIC, "owner": logins.OWNER, "demo": logins.OWNER}.get(process, logins.STAFF)
            folder = "all" if process == "demo" else process
            told |= {"RAINBOWRAIL_KEYS": str(self.folder / "keys" / folder), "DATABASE_URL": self.database_url(role)}
            told["RAINBOWRAIL_PINS"] = str(self.folder / "keys" / "pins")
            if process != "public":  # it erases nobody
                told["RAINBOWRAIL_ERASED"] = str(self.folder / "erased")
        return told

    def open(self, *, fresh: bool) -> None:
        """Make the roles, their log-ins and the database; `fresh` throws an old database of ours away. Raises CannotRun."""
        try:
            logins.ensure_roles(self.admin_database, self._passwords())
            logins.ensure_database(self.admin_database, self.database, fresh=fresh)
        except psycopg.Error as error:
            reason = str(error).strip().splitlines()[0]
            raise CannotRun(f"PostgreSQL did not let us make roles and a database: {reason}") from error
        try:
            with redis.Redis.from_url(self.admin_redis) as client:
                for role, rules in logins.BROKER_RULES.items():
                    client.execute_command("ACL", "SETUSER", role, "reset", "on", f">{self._passwords()[role]}", *rules.split())
        except redis.RedisError as error:
            raise CannotRun(f"Redis did not let us make log-ins: {error}") from error

    def _login(self, role: str, netloc: str) -> str:
        return f"{role}:{quote(self._passwords()[role])}@{netloc.rpartition('@')[2]}"

    def _passwords(self) -> dict[str, str]:
        path = self.folder / "passwords.json"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(json.dumps({role: secrets.token_urlsafe(24) for role in logins.ROLES}))
        return dict(json.loads(path.read_text()))
