"""Writes every table that the backup role may read into one sealed file, and puts it back (docs/decisions/0019).

Inside the seal (`sealed_stream`): frames, each 4 bytes of length and as many bytes. First a JSON manifest, then the COPY text
of each table in its order, ended by an empty frame; at last a JSON tail with the number of rows of each and the sequences.

    {"format": 1, "migrations": ["intake.0001_initial", …], "tables": [{"name": …, "columns": […]}, …]}

Not pg_dump: its version must fit the server's, it asks for rights that the backup role has not, and its output would pass
through a pipe or a disk in the clear. COPY is PostgreSQL's own and the same in all versions. The tables are those of one moment
(one read-only transaction at REPEATABLE READ). Key files are no tables: none can get in.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from rainbowrail.crypto import grants, keyring
from rainbowrail.crypto.errors import BackupUnreadable
from rainbowrail.crypto.models import DataKey
from rainbowrail.crypto.sealed_stream import Header, Opener, Sealer, read_header
from rainbowrail.crypto.sources import files
from rainbowrail.crypto.sources.files import FILE_MODE, KeyFile, Kind

FORMAT = 1
KEPT_DAYS = 35
ENDING = ".sealed"
LENGTH_BYTES = 4
MOST_FRAME = 64 * 1024 * 1024
# Said by the manifest, and written by `migrate` in the database that a backup is put into.
NOT_COPIED = frozenset({"django_migrations"})

type Say = Callable[[str], None]


@dataclass(frozen=True)
class Table:
    name: str
    columns: list[str]

    @property
    def parts(self) -> dict[str, sql.Composable]:
        return {"table": sql.Identifier(self.name), "columns": sql.SQL(", ").join(map(sql.Identifier, self.columns))}


def write(path: Path, *, today: date, say: Say = lambda line: None) -> int:
    """Write a backup and return its rows. The file appears under its name when it is whole. Raises KeyNotHeld without the
    backup pair's public half, FileExistsError."""
    if path.exists():
        raise FileExistsError(f"{path} is there already; a backup is never overwritten.")
    public = keyring.public(Kind.BACKUP_PUBLIC)
    draft = path.with_name(path.name + ".part")
    draft.unlink(missing_ok=True)
    draft.touch(mode=FILE_MODE, exist_ok=False)
    try:
        with draft.open("wb") as file:
            sealer = Sealer(file, public.public, Header(public.id, today))
            rows = _write_tables(sealer, say)
            sealer.finish()
            file.flush()
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return rows


def restore(
    path: Path, private: KeyFile, *, before_commit: Callable[[], None] = lambda: None, say: Say = lambda line: None
) -> int:
    """Put a backup into a database that was migrated to the same state and holds no person; returns its rows.

    One transaction: whoever looks sees nothing, or everything after `before_commit`, which forgets what was erased since. Run
    as the owner of the tables. Raises BackupUnreadable, with the database as it was.
    """
    with path.open("rb") as file, transaction.atomic():
        opener = Opener(file, private.secret)
        manifest = json.loads(_one_frame(opener))
        tables = [Table(table["name"], table["columns"]) for table in manifest["tables"]]
        _check(manifest, tables)
        rows = _read_tables(opener, tables, say)
        before_commit()
    return rows


def expire(folder: Path, *, today: date) -> list[Path]:
    """Delete the backups in a folder that are older than 35 days, and return which. Other files are left alone."""
    gone = []
    for path in sorted(folder.glob(f"*{ENDING}")):
        try:
            with path.open("rb") as file:
                day = read_header(file).day
        except BackupUnreadable:
            continue
        if day + timedelta(days=KEPT_DAYS) < today:
            path.unlink()
            gone.append(path)
    return gone


# --- writing ---


def _write_tables(sealer: Sealer, say: Say) -> int:
    fresh: Any = connection.copy()  # of its own: a snapshot cannot be asked for in a transaction that has begun
    fresh.connect()
    try:
        with fresh.connection.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            tables = _tables(cursor)
            migrations = sorted(".".join(key) for key in MigrationRecorder(fresh).applied_migrations())
            _frame(sealer, _json({"format": FORMAT, "migrations": migrations, "tables": [vars(table) for table in tables]}))
            counts = {}
            for table in tables:
                query = sql.SQL("COPY (SELECT {columns} FROM {table}) TO STDOUT").format(**table.parts)
                with cursor.copy(query) as copying:
                    for piece in copying:
                        _frame(sealer, bytes(piece))
                _frame(sealer, b"")
                counts[table.name] = cursor.rowcount
                say(f"{table.name}: {cursor.rowcount}")
            _frame(sealer, _json({"rows": counts, "sequences": _sequences(cursor)}))
            cursor.execute("ROLLBACK")
    finally:
        fresh.close()
    return sum(counts.values())


def _tables(cursor: Any) -> list[Table]:
    """Return the tables of the statements that the backup role may read, with the columns that are stored."""
    wanted = [
        name
        for name, said in grants.statements().items()
        if "SELECT" in said.grants.of(grants.BACKUP) and name not in NOT_COPIED
    ]
    cursor.execute(
        "SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND table_name = ANY(%s) AND is_generated = 'NEVER' "
        "GROUP BY table_name ORDER BY table_name",
        [wanted],
    )
    return [Table(name, columns) for name, columns in cursor.fetchall()]


def _sequences(cursor: Any) -> dict[str, tuple[int, bool]]:
    cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() ORDER BY sequencename")
    found = {}
    for (name,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name)))
        found[name] = cursor.fetchone()
    return found


def _frame(sealer: Sealer, data: bytes) -> None:
    sealer.write(len(data).to_bytes(LENGTH_BYTES) + data)


def _json(content: object) -> bytes:
    return json.dumps(content).encode()


# --- reading ---


def _check(manifest: dict[str, Any], tables: list[Table]) -> None:
    if manifest.get("format") != FORMAT:
        raise BackupUnreadable(f"The backup says format {manifest.get('format')}; this code knows format {FORMAT}.")
    here = {".".join(key) for key in MigrationRecorder(connection).applied_migrations()}
    there = set(manifest["migrations"])
    if here != there:
        names = ", ".join(sorted(here ^ there)[:5])
        raise BackupUnreadable(
            f"The backup was made by another version of the code (they differ in {names}). Install that version, restore, then "
            "upgrade."
        )
    unknown = {table.name for table in tables} - set(grants.statements())
    if unknown:
        raise BackupUnreadable(f"The backup has tables that this code does not know: {', '.join(sorted(unknown))}.")
    if DataKey.objects.exists():
        raise BackupUnreadable("This database holds people; a backup is put into an empty one.")


def _read_tables(opener: Opener, tables: list[Table], say: Say) -> int:
    names = sql.SQL(", ").join(sql.Identifier(table.name) for table in tables)
    counts = {}
    with connection.cursor() as cursor:
        _triggers(cursor, tables, "DISABLE")  # they number and guard what is new, not what comes back
        cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in tables:
            query = sql.SQL("COPY {table} ({columns}) FROM STDIN").format(**table.parts)
            with cursor.copy(query) as copying:
                for piece in _frames(opener):
                    copying.write(piece)
            counts[table.name] = cursor.rowcount
            say(f"{table.name}: {cursor.rowcount}")
        tail = json.loads(_one_frame(opener))
        opener.finish()
        if counts != tail["rows"]:
            raise BackupUnreadable("The backup does not hold as many rows as it says.")
        for name, (last, called) in tail["sequences"].items():
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [connection.ops.quote_name(name), last, called])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _triggers(cursor, tables, "ENABLE")
    return sum(counts.values())


def _triggers(cursor: Any, tables: list[Table], verb: str) -> None:
    for table in tables:
        cursor.execute(sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(table.name), sql.SQL(verb)))


def _frames(opener: Opener) -> Iterator[bytes]:
    while length := int.from_bytes(opener.read(LENGTH_BYTES)):
        if length > MOST_FRAME:
            raise BackupUnreadable("A frame is too long; the file is not what it says.")
        yield opener.read(length)


def _one_frame(opener: Opener) -> bytes:
    return opener.read(int.from_bytes(opener.read(LENGTH_BYTES)))


def file_name(today: date, folder: Path) -> Path:
    """Return a free name for today's backup in a folder."""
    path, turn = folder / f"rainbowrail-{today.isoformat()}{ENDING}", 2
    while path.exists():
        path, turn = folder / f"rainbowrail-{today.isoformat()}-{turn}{ENDING}", turn + 1
    return path


def private_key(path: Path | None) -> KeyFile:
    """Return the private half that opens backups: from a file, or from this process's folder. Raises KeyFileUnreadable,
    KeyNotHeld."""
    if path is None:
        key_id, secret = keyring.newest(Kind.BACKUP)
        return KeyFile(Kind.BACKUP, key_id, date.min, demo=False, secret=secret)
    key = files.parse(path.name, path.read_text())
    if key.kind is not Kind.BACKUP:
        raise BackupUnreadable(f"{path.name} is no backup key.")
    return key
