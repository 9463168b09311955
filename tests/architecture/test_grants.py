"""Every table × role × verb: what a role may do is what the models state, no more and no less, asked of PostgreSQL itself."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import ProgrammingError, connection, models, transaction
from psycopg import errors, sql

from rainbowrail.crypto import grants
from rainbowrail.crypto.errors import CryptoError
from rainbowrail.crypto.grants import BACKUP, PUBLIC, SERVING_ROLES, STAFF, VERBS, Grants, RowPolicy, TableStatement

pytestmark = pytest.mark.django_db

ATTEMPTS = {
    "SELECT": "SELECT 1 FROM {table} LIMIT 0",
    "INSERT": "INSERT INTO {table} DEFAULT VALUES",
    "UPDATE": "UPDATE {table} SET {column} = DEFAULT WHERE false",
    "DELETE": "DELETE FROM {table} WHERE false",
    "TRUNCATE": "TRUNCATE {table}",
}


@contextmanager
def playing(role: str) -> Iterator[None]:
    """Be this role until the end of the block."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def tables() -> dict[str, str]:
    """Every table of the database, with the name of one of its columns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, min(column_name) FROM information_schema.columns JOIN pg_tables ON tablename = table_name "
            "WHERE schemaname = current_schema() AND table_schema = schemaname AND is_generated = 'NEVER' GROUP BY table_name"
        )
        return dict(cursor.fetchall())


def is_refused(statement: sql.Composed) -> bool:
    """Try a statement and take it back. Refused means that the role lacks the right; any other trouble comes after that was
    granted."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except ProgrammingError as error:
        return isinstance(error.__cause__, errors.InsufficientPrivilege) and "row-level security" not in str(error)
    except Exception:
        return False
    return False


def test_every_table_is_spoken_for() -> None:
    assert grants.unstated() == []


def test_every_statement_keeps_the_rules() -> None:
    assert [complaint for statement in grants.statements().values() for complaint in statement.complaints()] == []


def test_no_statement_is_about_a_table_that_does_not_exist() -> None:
    assert set(grants.statements()) - set(tables()) == set()


@pytest.mark.parametrize("role", SERVING_ROLES)
def test_each_role_may_do_what_is_stated_and_nothing_else(role: str) -> None:
    stated = grants.statements()
    with playing(role):
        able = {
            table: {
                verb
                for verb, attempt in ATTEMPTS.items()
                if not is_refused(sql.SQL(attempt).format(table=sql.Identifier(table), column=sql.Identifier(column)))
            }
            for table, column in tables().items()
        }

    assert able == {table: set(stated[table].grants.of(role)) for table in able}


@pytest.mark.parametrize("role", SERVING_ROLES)
def test_no_role_may_grant_more_make_tables_or_leave_its_schema(role: str) -> None:
    with playing(role):
        for statement in (
            "CREATE TABLE mine (id int)",
            "CREATE TEMPORARY TABLE mine (id int)",
            "CREATE SCHEMA mine",
            "CREATE ROLE friend",
            "ALTER TABLE crypto_intakekey DISABLE ROW LEVEL SECURITY",
        ):
            with pytest.raises(ProgrammingError) as refusal, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
            assert isinstance(refusal.value.__cause__, errors.InsufficientPrivilege), statement
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.table_privileges WHERE grantee = %s AND is_grantable = 'YES'", [role]
        )
        assert cursor.fetchone()[0] == 0


def test_no_role_is_a_member_of_another() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_auth_members WHERE roleid = ANY(SELECT oid FROM pg_roles WHERE rolname = ANY(%(all)s)) "
            "AND member = ANY(SELECT oid FROM pg_roles WHERE rolname = ANY(%(all)s))",
            {"all": [grants.OWNER, *SERVING_ROLES]},
        )
        assert cursor.fetchone()[0] == 0


@pytest.mark.parametrize("power", ["SUPERUSER", "BYPASSRLS", "CREATEROLE"])
def test_a_serving_role_with_powers_of_its_own_is_refused(power: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER ROLE rainbowrail_public {power}")
    with pytest.raises(CryptoError, match="rainbowrail_public"):
        grants.apply()


def test_a_serving_role_that_may_become_the_owner_is_refused() -> None:
    with connection.cursor() as cursor:
        cursor.execute("GRANT rainbowrail_owner TO rainbowrail_staff")
    with pytest.raises(CryptoError, match="rainbowrail_staff"):
        grants.apply()


def test_the_public_role_sees_no_staff_table_and_no_wrapped_key() -> None:
    stated = grants.statements()
    visible = {table for table, statement in stated.items() if statement.grants.public}

    assert "crypto_datakey" not in visible
    assert "crypto_storekey" not in visible
    assert {table.split("_")[0] for table in visible} <= {"crypto", "intake", "django"}
    assert {table for table in visible if table.startswith("django")} <= {"django_migrations"}


def test_nobody_but_the_owner_may_change_the_audit_trail() -> None:
    assert set(grants.statements()["audit_auditevent"].grants.staff) == {"SELECT", "INSERT"}


def test_the_backup_role_only_reads() -> None:
    assert all(set(statement.grants.backup) <= {"SELECT"} for statement in grants.statements().values())


def test_where_the_public_role_is_bound_to_rows_nobody_is_listed() -> None:
    """Without a visitor, each row-secured table is empty for the public role, whatever it holds."""
    secured = [
        table for table, statement in grants.statements().items() if statement.policies and "SELECT" in statement.grants.public
    ]
    assert secured

    with playing(PUBLIC), connection.cursor() as cursor:
        for table in secured:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            assert cursor.fetchone()[0] == 0, table


# --- row-level security, on a table of our own ---


class Shelf(models.Model):
    """A table with one row per locator hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    locator_hash = models.CharField(max_length=64, null=True)  # noqa: DJ001 - as in drafts

    class Meta:
        app_label = "crypto"
        db_table = "test_shelf"
        apps = __import__("django.apps.registry", fromlist=["Apps"]).Apps(["rainbowrail.crypto"])

    def __str__(self) -> str:
        return str(self.id)


MINE = "locator_hash = nullif(current_setting('rainbowrail.locator', true), '')"
STATEMENT = TableStatement(
    "test_shelf",
    Grants(public=("SELECT", "INSERT", "UPDATE", "DELETE"), staff=("SELECT", "DELETE")),
    (RowPolicy("mine", "ALL", using=MINE, check=MINE),),
)
HASHES = ["a" * 64, "b" * 64]


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> type[Shelf]:
    with connection.schema_editor() as editor:
        editor.create_model(Shelf)
    for locator_hash in (*HASHES, None):
        Shelf.objects.create(locator_hash=locator_hash)
    stated = grants.statements() | {"test_shelf": STATEMENT}
    monkeypatch.setattr(grants, "statements", lambda: stated)
    assert grants.apply() == []
    return Shelf


def test_a_visitor_sees_changes_and_deletes_only_their_own_row(shelf: type[Shelf]) -> None:
    with playing(PUBLIC):
        assert not shelf.objects.exists()
        grants.set_visitor(locator_hash=HASHES[0])

        assert [row.locator_hash for row in shelf.objects.all()] == [HASHES[0]]
        assert shelf.objects.filter(locator_hash=HASHES[1]).update(id=uuid.uuid4()) == 0
        assert shelf.objects.all().delete()[0] == 1

    assert shelf.objects.count() == 2


def test_a_visitor_cannot_give_a_row_to_another(shelf: type[Shelf]) -> None:
    with playing(PUBLIC):
        grants.set_visitor(locator_hash=HASHES[0])
        for attempt in (
            lambda: shelf.objects.update(locator_hash="c" * 64),
            lambda: shelf.objects.create(locator_hash="c" * 64),
            lambda: shelf.objects.create(locator_hash=None),
        ):
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                attempt()


def test_staff_and_backup_see_every_row(shelf: type[Shelf]) -> None:
    for role in (STAFF, BACKUP):
        with playing(role):
            assert shelf.objects.count() == 3


def test_a_visitor_is_forgotten_with_the_transaction(shelf: type[Shelf]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        grants.set_visitor(locator_hash=HASHES[0], visit_hash=HASHES[1])
        raise RuntimeError

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('rainbowrail.locator', true), current_setting('rainbowrail.visit', true)")
        assert not any(cursor.fetchone())


def test_setting_one_visitor_lets_go_of_the_other(shelf: type[Shelf]) -> None:
    with playing(PUBLIC):
        grants.set_visitor(locator_hash=HASHES[0])
        grants.set_visitor(visit_hash=HASHES[0])

        assert not shelf.objects.exists()


@pytest.mark.parametrize("wrong", ["", "A" * 64, "x", "a" * 64 + "\n", "' OR true --"])
def test_only_a_hash_names_a_visitor(wrong: str) -> None:
    with pytest.raises(CryptoError, match="64 hex"):
        grants.set_visitor(locator_hash=wrong)


@pytest.mark.django_db(transaction=True)
def test_a_visitor_outside_a_transaction_is_refused() -> None:
    with pytest.raises(CryptoError, match="atomic"):
        grants.set_visitor(locator_hash=HASHES[0])


# --- applying ---


def test_applying_twice_changes_nothing() -> None:
    def written() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, relacl::text, relrowsecurity FROM pg_class WHERE relkind IN ('r', 'S') ORDER BY relname"
            )
            found = cursor.fetchall()
            cursor.execute("SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2")
            return [found, cursor.fetchall()]

    grants.apply()
    before = written()
    grants.apply()

    assert written() == before


def test_applying_takes_back_what_was_granted_by_hand() -> None:
    with connection.cursor() as cursor:
        cursor.execute("GRANT ALL ON crypto_datakey TO rainbowrail_public, PUBLIC")
        cursor.execute("CREATE POLICY rainbowrail_open ON crypto_datakey USING (true)")
    grants.apply()

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_policies WHERE policyname = 'rainbowrail_open'")
        assert cursor.fetchone()[0] == 0
        for verb in VERBS:
            cursor.execute("SELECT has_table_privilege('rainbowrail_public', 'crypto_datakey', %s)", [verb])
            assert cursor.fetchone()[0] is False


def test_roles_keep_their_log_in() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER ROLE rainbowrail_public LOGIN")
        grants.apply()
        cursor.execute(
            "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = 'rainbowrail_public'"
        )
        assert cursor.fetchone() == (True, False, False, False)


def test_a_log_in_that_may_not_make_missing_roles_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from rainbowrail.crypto import grants_applied

    monkeypatch.setattr(grants_applied, "OWNER", "rainbowrail_test_missing")
    with playing(STAFF), pytest.raises(CryptoError, match="rainbowrail_test_missing"):
        grants.apply()


def test_a_table_about_which_nothing_is_said_is_granted_to_nobody_and_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_forgotten (id int)")
        cursor.execute("GRANT SELECT ON test_forgotten TO rainbowrail_public")

    assert grants.apply() == ["test_forgotten"]
    with playing(PUBLIC):
        assert is_refused(sql.SQL("SELECT 1 FROM test_forgotten").format())


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        (TableStatement("t", Grants(public=("SELECT",))), "without a row policy"),
        (TableStatement("t", Grants(public=("SELECT", "UPDATE")), open_because="reason"), "may only SELECT"),
        (
            TableStatement("t", Grants(public=("SELECT", "INSERT")), (RowPolicy("p", "SELECT", using="true"),)),
            "no policy covers",
        ),
    ],
)
def test_a_statement_that_opens_too_much_is_refused(
    statement: TableStatement, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert any(complaint in said for said in statement.complaints())
    monkeypatch.setattr(grants, "statements", lambda: {"t": statement})

    with pytest.raises(CryptoError):
        grants.apply()


def test_a_grant_of_something_that_is_no_verb_is_refused() -> None:
    with pytest.raises(ValueError, match="TRUNCATE"):
        Grants(staff=("TRUNCATE",))  # type: ignore[arg-type]
    for command, using, check in (
        ("INSERT", "true", None),
        ("SELECT", "true", "true"),
        ("DELETE", None, "true"),
        ("ALL", None, None),
    ):
        with pytest.raises(ValueError, match="condition"):
            RowPolicy("p", command, using=using, check=check)  # type: ignore[arg-type]
