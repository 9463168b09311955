"""Turning a restored copy of production into something that a laptop may hold: as many rows, and nobody in them.

What happens to a column follows from its privacy class, so that a new column is scrubbed too, or the run refuses to begin.
Keys, codes, sessions and indexes go with their rows; sealed values become a constant of the right shape; names of staff and
officials are replaced; what the trail says besides the verb is emptied; references that people have on paper become others.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection, models, transaction
from psycopg import sql

from rainbowrail.crypto import envelope
from rainbowrail.privacy.classification import PrivacyClass
from rainbowrail.privacy.inventory import Row, is_encrypted, rows, stored_models
from rainbowrail.references import ALPHABET

MARK = "a copy of Rainbowrail, to be scrubbed"
SCRUBBED = "a scrubbed copy of Rainbowrail"
SEALED_NOISE = bytes([envelope.VERSION]) + bytes(envelope.SHORTEST - 1)
BYTE_NOISE = b"\0"

# Tables of which nothing would be left: what opens, what lets in, what finds again.
GO = frozenset(
    {
        "crypto.DataKey", "crypto.StoreKey", "crypto.IntakeKey", "crypto.DestroyedKey", "intake.ReturnCode", "intake.Visit",
        "intake.Draft", "intake.IndexEntry", "intake.CommonNumber", "cases.TextPrint", "referrals.PacketPassphrase",
        "accounts.StaffSession", "account.EmailConfirmation", "accounts.Invitation", "mfa.Authenticator",
    }
)  # fmt: skip
# Of these tables, rows that cannot do without what they hold.
GO_WHERE = {"intake.Delivery": "state <> 'opened'"}
# Clear columns that are emptied or made anew all the same.
DETAILS = {("audit.AuditEvent", "detail")}
REFERENCES = {("cases.Case", "reference"): "RR-", ("referrals.Referral", "packet_id"): ""}
# Classes that say nothing of anybody: numbers, days, words of a list.
LEFT = (PrivacyClass.CLEAR, PrivacyClass.REFERENCE)
HARMLESS = (models.ForeignKey, models.AutoField, models.BooleanField, models.DateField, models.IntegerField, models.UUIDField)


class ScrubRefused(Exception):
    """The database is not to be scrubbed, or a column is not one this module knows what to do with."""


def mark(name: str) -> None:
    """Write on the connected database that it is a copy. A dump does not carry the mark along.

    Raises ScrubRefused unless `name` is its name, and while anybody else is connected: production always has somebody.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        (database,) = cursor.fetchone()
        if name != database:
            raise ScrubRefused(f"This is the database {database!r}, not {name!r}. Look again which one you are connected to.")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        (others,) = cursor.fetchone()
        if others:
            raise ScrubRefused(f"{others} others are connected to {database!r}. A copy that nobody serves has no others.")
        _comment(cursor, MARK)


def is_marked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()")
        return bool(cursor.fetchone()[0] == MARK)


def scrub() -> dict[str, int]:
    """Scrub the connected database, in one transaction, as the owner of its tables. Returns how many rows each table has left.

    Raises ScrubRefused for a database that is not marked as a copy, and for a column of an unknown kind, before anything is
    changed. Old row versions stay on the disk until `compact`.
    """
    if not is_marked():
        raise ScrubRefused("This database is not marked as a copy. Restore into a new one, then `manage.py scrub --mark NAME`.")
    found = list(stored_models())
    steps = {model: list(_steps_for(model)) for model in found}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in found:
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(_table(model)))
        _delete(cursor, found)
        for model in found:
            for step in steps[model]:
                cursor.execute(step)
        for label, column in REFERENCES:
            _renumber(cursor, _table(_model(found, label)), sql.Identifier(column), REFERENCES[label, column])
        for model in found:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(_table(model)))
        _comment(cursor, SCRUBBED)
        return {model._meta.db_table: _count(cursor, model) for model in found}


def compact() -> None:
    """Write every table anew, so that no old row version is left in its files. Outside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM FULL")
        cursor.execute("CHECKPOINT")


def _delete(cursor: Any, found: list[type[models.Model]]) -> None:
    """Delete rows whole, those that point at others first."""
    for label in ("intake.Delivery", "crypto.DataKey", *sorted(GO - {"crypto.DataKey"})):
        where = sql.SQL(GO_WHERE.get(label, "true"))
        cursor.execute(sql.SQL("DELETE FROM {} WHERE {}").format(_table(_model(found, label)), where))


def _steps_for(model: type[models.Model]) -> Iterator[sql.Composed]:
    """Yield the statements that empty what one table holds. Raises ScrubRefused for what nobody foresaw."""
    label = model._meta.label
    if label in GO:
        return
    listed = {row.column: row for row in rows() if row.table == model._meta.db_table}
    for field in model._meta.local_concrete_fields:
        name = str(field.column)
        value = _replacement(model, field, listed[name])
        if value is not None:
            column = sql.Identifier(name)
            where = sql.SQL("octet_length({}) > 0").format(column) if isinstance(field, models.BinaryField) else sql.SQL("true")
            yield sql.SQL("UPDATE {} SET {} = {} WHERE {}").format(_table(model), column, value, where)


def _replacement(model: type[models.Model], field: "models.Field[Any, Any]", row: Row) -> sql.Composable | None:
    """Return what the column becomes, as SQL; None when it stays."""
    key = (model._meta.label, field.name)
    if key in DETAILS:
        return sql.SQL("'{}'::jsonb")
    if row.privacy in LEFT or isinstance(field, HARMLESS):
        return None
    length = getattr(field, "max_length", None) or 64
    pk = sql.Identifier(str(model._meta.pk.column)) if model._meta.pk else sql.SQL("0")
    match row.privacy, field:
        case PrivacyClass.SEALED, _ if is_encrypted(field):
            return sql.Literal(SEALED_NOISE)
        case ((PrivacyClass.SEALED | PrivacyClass.KEY), models.BinaryField()):
            return sql.Literal(BYTE_NOISE)
        case ((PrivacyClass.LOOKUP | PrivacyClass.KEY), (models.CharField() | models.TextField())):
            return sql.SQL("left(encode(sha256((random()::text || {}::text)::bytea), 'hex'), {})").format(
                pk, sql.Literal(length)
            )
        case PrivacyClass.STAFF, models.EmailField():
            owner = sql.Identifier("user_id") if any(f.column == "user_id" for f in model._meta.local_concrete_fields) else pk
            return sql.SQL("'person' || {}::text || '@example.invalid'").format(owner)
        case PrivacyClass.STAFF, models.CharField():
            return sql.SQL("left({} || {}::text, {})").format(sql.Literal(f"{field.name} "), pk, sql.Literal(length))
        case PrivacyClass.STAFF, _ if field.name in {"roles", "edited_by"}:
            return None  # words of a list, and numbers of people whose names are gone
    raise ScrubRefused(
        f"{model._meta.label}.{field.name} is {row.privacy}, and scrubbing does not know a {type(field).__name__}."
    )


def _renumber(cursor: Any, table: sql.Composable, column: sql.Composable, prefix: str) -> None:
    """Give every row another reference: a number that runs through in random order, written in the letters of references."""
    cursor.execute(sql.SQL("UPDATE {} SET {} = left(md5(id::text), 12)").format(table, column))
    cursor.execute(
        sql.SQL(
            "UPDATE {table} SET {column} = {prefix} || substr(made, 1, 4) || '-' || substr(made, 5, 4) FROM ("
            # An odd factor maps the numbers below 2^32 onto each other, so that no two rows meet.
            "SELECT id AS row_id, translate(lpad(to_hex((row_number() OVER (ORDER BY random()) * 2654435761) & 4294967295),"
            " 8, '0'), '0123456789abcdef', {letters}) AS made FROM {table}) AS numbered WHERE id = row_id"
        ).format(table=table, column=column, prefix=sql.Literal(prefix), letters=sql.Literal(ALPHABET[:16]))
    )


def _comment(cursor: Any, text: str) -> None:
    cursor.execute("SELECT current_database()")
    name = sql.Identifier(cursor.fetchone()[0])
    cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(text)))


def _count(cursor: Any, model: type[models.Model]) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(_table(model)))
    return int(cursor.fetchone()[0])


def _table(model: type[models.Model]) -> sql.Identifier:
    return sql.Identifier(model._meta.db_table)


def _model(found: list[type[models.Model]], label: str) -> type[models.Model]:
    return next(model for model in found if model._meta.label == label)
