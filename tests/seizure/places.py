"""What a thief carries off, as bytes by the name of the place: the database asked and as files, Redis, logs, mails, folders."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import redis
from psycopg import sql

from rainbowrail.devtools import logins
from tests.worlds import Running

type Haystack = tuple[str, bytes]
# What the person who starts a world needs, and what no seizure "without key files" holds.
NOT_SEIZED = {"keys", "passwords.json", "seeded.txt"}
ASKED_ELSEWHERE = {"mail", "servers"}


def database(running: Running) -> Iterator[Haystack]:
    """Yield every table of every schema twice, as text and as binary: what a dump holds, decompressed."""
    with psycopg.connect(running.world.access.database_url(logins.ADMIN)) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname <> 'information_schema' ORDER BY 1, 2"
        ).fetchall()
        for schema, table in tables:
            # Types of PostgreSQL's own catalogue have no binary form.
            for how in ("text",) if schema == "pg_catalog" else ("text", "binary"):
                copy = sql.SQL("COPY {} TO STDOUT (FORMAT {})").format(sql.Identifier(schema, table), sql.SQL(how))
                with connection.cursor().copy(copy) as rows:
                    yield f"table {schema}.{table} as {how}", b"".join(bytes(block) for block in rows)
        for schema, name, definition in connection.execute(
            "SELECT schemaname, viewname, definition FROM pg_views UNION ALL SELECT '', proname, prosrc FROM pg_proc"
        ):
            yield f"definition of {schema}.{name}", str(definition).encode()


def database_files(running: Running) -> Iterator[Haystack]:
    """Yield the files of the cluster, its write-ahead log and its own log among them, after what is in memory was written."""
    with psycopg.connect(running.world.access.database_url(logins.ADMIN), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    yield from files(running.world.servers.postgres.data, "database file")


def redis_memory(running: Running) -> Iterator[Haystack]:
    """Yield each key with its value in each numbered database, and the file that SAVE writes, uncompressed."""
    address = running.world.access.redis_url(logins.ADMIN)
    with redis.Redis.from_url(address) as client:
        client.config_set("rdbcompression", "no")
        client.save()
        folder, name = client.config_get("dir")["dir"], client.config_get("dbfilename")["dbfilename"]
        dump = Path(str(folder)) / str(name)
        yield "Redis dump", dump.read_bytes()
        dump.unlink()
        for key in client.keys("*"):
            yield f"Redis key {key!r}", key + b" " + repr(_value(client, key)).encode() + (client.dump(key) or b"")
        yield "Redis's memory of slow commands", repr(client.slowlog_get(128)).encode()
        yield "Redis's list of clients", repr(client.client_list()).encode()
    yield from files(running.world.servers.valkey.data, "Redis file")


def _value(client: redis.Redis, key: bytes) -> object:
    match client.type(key):
        case b"string":
            return client.get(key)
        case b"list":
            return client.lrange(key, 0, -1)
        case b"hash":
            return client.hgetall(key)
        case b"set":
            return client.smembers(key)
        case b"zset":
            return client.zrange(key, 0, -1, withscores=True)
        case b"stream":
            return client.xrange(key)
        case _:
            return b""


def everything_else(running: Running) -> Iterator[Haystack]:
    """Yield the logs of all processes, the mails, the temporary folder, the clock's note, the static files."""
    for path in sorted(running.world.folder.iterdir()):
        if path.name not in NOT_SEIZED | ASKED_ELSEWHERE:
            yield from files(path, "file")


def mails(running: Running) -> Iterator[Haystack]:
    """Yield each mail as it went over the wire, and decoded."""
    for letter in running.world.mail.box.letters:
        yield f"mail {letter['Subject']!r}", letter.as_bytes() + (letter.get_payload(decode=True) or b"")  # type: ignore[operator]


def files(path: Path, kind: str) -> Iterator[Haystack]:
    """Yield a file, or each file below a folder; one that goes away meanwhile is passed over."""
    for one in [path] if path.is_file() else sorted(path.rglob("*")):
        try:
            if one.is_file():
                yield f"{kind} {one.relative_to(path.parent)}", one.read_bytes()
        except FileNotFoundError:
            continue
