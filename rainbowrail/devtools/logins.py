"""The database roles of the processes, as log-ins on a cluster where we are the administrator (docs/decisions/0001).

What each role may do is said beside the models and applied by `manage.py grants apply`; here they get a name and a password.
"""

from collections.abc import Mapping

import psycopg
from psycopg import sql

from rainbowrail.devtools.errors import CannotRun

ADMIN = "postgres"
OWNER = "rainbowrail_owner"
PUBLIC = "rainbowrail_public"
STAFF = "rainbowrail_staff"
BACKUP = "rainbowrail_backup"
# What each log-in may do in Redis; docs/deploy/secrets.sh writes the same for production, and a test compares them.
BROKER_RULES = {
    STAFF: "~* &* +@all -@dangerous +info +keys",
    PUBLIC: "~limit:* +@read +@write +@connection +@scripting -@dangerous",
}
ROLES = (OWNER, PUBLIC, STAFF, BACKUP)
MARK = "Rainbowrail: made for development, may be thrown away"
# Any fixed number: roles belong to the whole cluster, so two starters take turns.
LOCK = 7_246_911


def ensure_roles(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Make the roles that are missing and give each log-in its password. Safe to run twice, and by two at once."""
    with psycopg.connect(admin_url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        there = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(ROLES)])}
        for role in ROLES:
            if role not in there:
                connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
            if role in passwords:
                log_in = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
                connection.execute(log_in.format(sql.Identifier(role), sql.Literal(passwords[role])))


def ensure_database(admin_url: str, name: str, *, fresh: bool = False) -> None:
    """Make database `name`, owned by the owner role, unless it is there; `fresh` drops an old one first.

    Raises CannotRun for a database that bears no mark of ours: invented people never get into, and `fresh` never throws away,
    what somebody else keeps there.
    """
    called = sql.Identifier(name)
    with psycopg.connect(admin_url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if found and found[0] != MARK:
            raise CannotRun(
                f"The database {name!r} was not made by this command and is left alone; remove it or give another DATABASE_URL."
            )
        if found and fresh:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(called))
        if not found or fresh:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(called, sql.Identifier(OWNER)))
            connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(called, sql.Literal(MARK)))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(called))
        for role in ROLES:
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(called, sql.Identifier(role)))
