"""Writes the statements of `grants` into PostgreSQL: roles, grants, row-level security, sequences."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from psycopg import sql

from rainbowrail.crypto.errors import CryptoError
from rainbowrail.crypto.grants import BACKUP, OWNER, PUBLIC, SERVING_ROLES, STAFF, TableStatement

OUR_POLICY = "rainbowrail_"
ALL_SERVING = sql.SQL(", ").join(map(sql.Identifier, SERVING_ROLES))


def apply_statements(connection: Any, statements: Mapping[str, TableStatement]) -> None:
    """Revoke everything, then grant what is stated; whoever reads meanwhile waits or sees the old state, never a gap."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        _make_roles(cursor)
        _refuse_powers(cursor)
        _close_schema(cursor)
        existing = _tables(cursor)
        for table in sorted(existing):
            _drop_policies(cursor, table)
            statement = statements.get(table)
            if statement is not None:
                _grant(cursor, statement)
                _secure_rows(cursor, statement)
        _grant_sequences(cursor, statements)


def _make_roles(cursor: Any) -> None:
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [[OWNER, *SERVING_ROLES]])
    missing = {OWNER, *SERVING_ROLES} - {name for (name,) in cursor.fetchall()}
    if not missing:
        return
    cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    if not cursor.fetchone()[0]:
        raise CryptoError(
            f"The database roles {', '.join(sorted(missing))} do not exist and this log-in may not make them: "
            "ask the administrator of the cluster for CREATE ROLE … NOLOGIN, or run this once as an administrator."
        )
    for role in sorted(missing):
        # Roles belong to the whole cluster: another database may be making them at this moment.
        cursor.execute(
            sql.SQL(
                "DO $$ BEGIN CREATE ROLE {} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            ).format(sql.Identifier(role))
        )


def _refuse_powers(cursor: Any) -> None:
    """A role that is above the grants makes them worthless."""
    cursor.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb "
        "OR rolreplication OR EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid "
        "WHERE m.member = pg_roles.oid AND (g.rolname = ANY(%s) OR g.rolsuper OR g.rolname LIKE 'pg!_%%' ESCAPE '!')))",
        [list(SERVING_ROLES), [OWNER, *SERVING_ROLES]],
    )
    mighty = sorted(name for (name,) in cursor.fetchall())
    if mighty:
        raise CryptoError(
            f"{', '.join(mighty)}: a role that serves requests is no superuser, bypasses no row-level security, makes no roles "
            "or databases, and is no member of another of our roles or of PostgreSQL's own. Take those powers away with "
            "ALTER ROLE and REVOKE, then apply the grants again."
        )


def _close_schema(cursor: Any) -> None:
    """Take everything from the serving roles and from PUBLIC in this schema; leave them the right to look names up."""
    cursor.execute("SELECT current_schema()")
    schema = sql.Identifier(cursor.fetchone()[0])
    everybody = sql.SQL("PUBLIC, {}").format(ALL_SERVING)
    for things in ("TABLES", "SEQUENCES"):
        cursor.execute(sql.SQL("REVOKE ALL ON ALL {} IN SCHEMA {} FROM {}").format(sql.SQL(things), schema, everybody))
    cursor.execute("SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = current_schema()")
    if cursor.fetchone()[0]:
        cursor.execute(sql.SQL("REVOKE CREATE ON SCHEMA {} FROM {}").format(schema, everybody))
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, ALL_SERVING))
    cursor.execute("SELECT pg_has_role(datdba, 'USAGE'), datname FROM pg_database WHERE datname = current_database()")
    owns, name = cursor.fetchone()
    if owns:
        database = sql.Identifier(name)
        cursor.execute(sql.SQL("REVOKE TEMPORARY, CREATE ON DATABASE {} FROM {}").format(database, everybody))
        cursor.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, ALL_SERVING))


def _tables(cursor: Any) -> set[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    return {name for (name,) in cursor.fetchall()}


def _grant(cursor: Any, statement: TableStatement) -> None:
    for role in SERVING_ROLES:
        verbs = sorted(statement.grants.of(role))
        if verbs:
            cursor.execute(
                sql.SQL("GRANT {} ON {} TO {}").format(
                    sql.SQL(", ").join(map(sql.SQL, verbs)), sql.Identifier(statement.table), sql.Identifier(role)
                )
            )


def _drop_policies(cursor: Any, table: str) -> None:
    cursor.execute(
        "SELECT policyname FROM pg_policies "
        "WHERE schemaname = current_schema() AND tablename = %s AND starts_with(policyname, %s)",
        [table, OUR_POLICY],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(name), sql.Identifier(table)))


def _secure_rows(cursor: Any, statement: TableStatement) -> None:
    table = sql.Identifier(statement.table)
    if not statement.policies:
        cursor.execute(sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(table))
        return
    cursor.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(table))
    for policy in statement.policies:
        using = sql.SQL(" USING ({})").format(sql.SQL(policy.using)) if policy.using else sql.SQL("")
        check = sql.SQL(" WITH CHECK ({})").format(sql.SQL(policy.check)) if policy.check else sql.SQL("")
        cursor.execute(
            sql.SQL("CREATE POLICY {} ON {} FOR {} TO {}").format(
                sql.Identifier(OUR_POLICY + policy.name), table, sql.SQL(policy.command), sql.Identifier(PUBLIC)
            )
            + using
            + check
        )
    cursor.execute(
        sql.SQL("CREATE POLICY {} ON {} TO {} USING (true) WITH CHECK (true)").format(
            sql.Identifier(OUR_POLICY + "staff"), table, sql.Identifier(STAFF)
        )
    )
    cursor.execute(
        sql.SQL("CREATE POLICY {} ON {} FOR SELECT TO {} USING (true)").format(
            sql.Identifier(OUR_POLICY + "backup"), table, sql.Identifier(BACKUP)
        )
    )


def _grant_sequences(cursor: Any, statements: Mapping[str, TableStatement]) -> None:
    """Let whoever may INSERT draw numbers, and whoever may read everything read them."""
    cursor.execute(
        "SELECT s.relname, t.relname FROM pg_class s "
        "LEFT JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') "
        "LEFT JOIN pg_class t ON t.oid = d.refobjid AND d.refclassid = 'pg_class'::regclass "
        "WHERE s.relkind = 'S' AND s.relnamespace = current_schema()::regnamespace"
    )
    for sequence, owner in cursor.fetchall():
        # A backup must know where each sequence stands, also those that belong to no table.
        cursor.execute(sql.SQL("GRANT SELECT ON SEQUENCE {} TO {}").format(sql.Identifier(sequence), sql.Identifier(BACKUP)))
        table = owner or max((name for name in statements if sequence.startswith(f"{name}_")), key=len, default=None)
        statement = statements.get(table) if table else None
        if statement is None:
            continue
        for role in SERVING_ROLES:
            verbs = statement.grants.of(role)
            rights = [
                right
                for right, verb in (("USAGE", "INSERT"), ("SELECT", "SELECT"))
                if verb in verbs and (right == "USAGE" or role == BACKUP)
            ]
            if rights:
                cursor.execute(
                    sql.SQL("GRANT {} ON SEQUENCE {} TO {}").format(
                        sql.SQL(", ").join(map(sql.SQL, rights)), sql.Identifier(sequence), sql.Identifier(role)
                    )
                )
