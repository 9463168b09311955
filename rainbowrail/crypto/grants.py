"""What each database role may do, said beside each model, and applied by `manage.py grants apply` after `migrate`
(docs/decisions/0015).

    class Access:
        grants = Grants(public=("INSERT",), staff=("SELECT", "UPDATE"))
        policies = [RowPolicy("send", "INSERT", using=None, check="state = 'waiting'")]

- `rainbowrail_owner` owns the tables and serves no request; `rainbowrail_public` is the public web; `rainbowrail_staff` the
  staff web and the worker; `rainbowrail_backup` reads. A table without a statement is granted to nobody, and a test fails for
  it.
- Where a model has policies, row-level security is on: they bind the public role alone; staff and backup see all rows.
- A table that the public role may SELECT, UPDATE or DELETE has policies, or says in `open_because` why each row may be seen
  by everybody.
- What a request may see is keyed to hashes that it sets for its transaction with `set_visitor`; unset, they match nothing.
- TRUNCATE, REFERENCES and TRIGGER are granted to nobody. A sequence follows its table: the one that owns it, or whose name it
  begins with.

Applying is in `grants_applied`; this module is imported by models and touches no database at import.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.apps import apps
from django.db import connection as default_connection
from django.db import models

from rainbowrail.crypto.errors import CryptoError

type Verb = Literal["SELECT", "INSERT", "UPDATE", "DELETE"]
type Command = Literal["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"]

OWNER = "rainbowrail_owner"
PUBLIC = "rainbowrail_public"
STAFF = "rainbowrail_staff"
BACKUP = "rainbowrail_backup"
SERVING_ROLES = (PUBLIC, STAFF, BACKUP)
VERBS: tuple[Verb, ...] = ("SELECT", "INSERT", "UPDATE", "DELETE")
ROW_VERBS = frozenset({"SELECT", "UPDATE", "DELETE"})
HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Grants:
    """The verbs of each role on one table. Nothing is granted that is not named; backup reads unless told otherwise."""

    public: Sequence[Verb] = ()
    staff: Sequence[Verb] = ()
    backup: Sequence[Verb] = ("SELECT",)

    def __post_init__(self) -> None:
        unknown = {*self.public, *self.staff, *self.backup} - set(VERBS)
        if unknown:
            raise ValueError(f"A grant names {', '.join(sorted(unknown))}; the verbs are {', '.join(VERBS)}.")

    def of(self, role: str) -> frozenset[str]:
        """Return the verbs of a serving role."""
        return frozenset({PUBLIC: self.public, STAFF: self.staff, BACKUP: self.backup}[role])


@dataclass(frozen=True, slots=True)
class RowPolicy:
    """Which rows the public role may see or touch: SQL conditions as in CREATE POLICY. INSERT takes `check` only; SELECT and
    DELETE `using` only."""

    name: str
    command: Command
    using: str | None
    check: str | None = None

    def __post_init__(self) -> None:
        wrong = (self.command == "INSERT" and self.using) or (self.command in {"SELECT", "DELETE"} and self.check)
        if wrong or not (self.using or self.check):
            raise ValueError(f"The policy {self.name} for {self.command} has the wrong condition.")

    def covers(self) -> frozenset[str]:
        return frozenset(VERBS) if self.command == "ALL" else frozenset({self.command})


@dataclass(frozen=True, slots=True)
class TableStatement:
    """Everything said about one table."""

    table: str
    grants: Grants
    policies: tuple[RowPolicy, ...] = ()
    open_because: str = ""

    def complaints(self) -> Iterator[str]:
        """Yield what a reader of the rules above would object to."""
        rows = frozenset(self.grants.public) & ROW_VERBS
        if self.open_because and rows - {"SELECT"}:
            yield f"{self.table} is open to everybody, so the public role may only SELECT it."
        if rows and not self.policies and not self.open_because:
            yield f"{self.table} lets the public role {', '.join(sorted(rows))} without a row policy."
        covered = frozenset().union(*(policy.covers() for policy in self.policies))
        if self.policies and frozenset(self.grants.public) - covered:
            yield f"{self.table} grants the public role a verb that no policy covers."


# Tables of Django and of allauth have no place beside a model of ours. Staff web only; the public role sees none of them.
THIRD_PARTY: dict[str, Grants] = {
    "django_migrations": Grants(public=("SELECT",), staff=("SELECT",)),
    "django_content_type": Grants(staff=("SELECT",)),
    "auth_permission": Grants(staff=("SELECT",)),
    "auth_group": Grants(staff=("SELECT",)),
    "auth_group_permissions": Grants(staff=("SELECT",)),
    "account_emailaddress": Grants(staff=("SELECT", "INSERT", "UPDATE", "DELETE")),
    "account_emailconfirmation": Grants(staff=("SELECT", "INSERT", "UPDATE", "DELETE")),
    "mfa_authenticator": Grants(staff=("SELECT", "INSERT", "UPDATE", "DELETE")),
}
THIRD_PARTY_OPEN = {"django_migrations": "Names of migrations: `readyz` compares them with the code."}


def statements() -> dict[str, TableStatement]:
    """Return what is said about each table, by table name, in alphabetical order."""
    found = {
        table: TableStatement(table, grants, open_because=THIRD_PARTY_OPEN.get(table, ""))
        for table, grants in THIRD_PARTY.items()
    }
    for model in apps.get_models(include_auto_created=True):
        statement = _of(model)
        if statement is not None:
            found[statement.table] = statement
    return dict(sorted(found.items()))


def unstated(connection: Any = default_connection) -> list[str]:
    """Return the tables of the database about which nothing is said. Two queries."""
    known = statements()
    with connection.cursor() as cursor:
        return sorted(set(connection.introspection.table_names(cursor)) - set(known))


def set_visitor(*, visit_hash: str | None = None, locator_hash: str | None = None, help_request_id: UUID | None = None) -> None:
    """Say for the rest of this transaction whose rows the request may touch: the hash of its visit cookie, of its return
    code's locator, or both; and the request it has opened, while both rows of a code are written anew.

    One query. Raises CryptoError outside a transaction, where it would be forgotten at once, and for what is not a hash.
    """
    if not default_connection.in_atomic_block:
        raise CryptoError("set_visitor() holds for one transaction; call it inside transaction.atomic().")
    for value in (visit_hash, locator_hash):
        if value is not None and not HASH.fullmatch(value):
            raise CryptoError("set_visitor() takes hashes of 64 hex digits.")
    with default_connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('rainbowrail.visit', %s, true), set_config('rainbowrail.locator', %s, true),"
            " set_config('rainbowrail.request', %s, true)",
            [visit_hash or "", locator_hash or "", str(help_request_id or "")],
        )


def apply(connection: Any = default_connection) -> list[str]:
    """Bring the database to what the statements say, in one transaction. Returns the tables about which nothing is said.

    Run as the owner of the tables. Roles that are missing are made as NOLOGIN; roles that exist keep their log-in and
    password, so whoever sets up the cluster may make them first (`CREATE ROLE rainbowrail_public LOGIN PASSWORD …`) or give
    them a log-in later. Raises CryptoError when a role is missing and may not be made, and for statements that break the
    rules. Safe to run twice, and after every migrate.
    """
    from rainbowrail.crypto.grants_applied import apply_statements

    known = statements()
    complaints = [complaint for statement in known.values() for complaint in statement.complaints()]
    if complaints:
        raise CryptoError(" ".join(complaints))
    apply_statements(connection, known)
    return unstated(connection)


def _of(model: type[models.Model]) -> TableStatement | None:
    """Return the statement of a model; a table that Django makes for a many-to-many field follows the model that has the
    field."""
    options = model._meta
    if options.proxy or not options.managed:
        return None
    spoken_for: Any = options.auto_created or model
    access = spoken_for.__dict__.get("Access")
    if access is None:
        return None
    return TableStatement(
        options.db_table, access.grants, tuple(getattr(access, "policies", ())), getattr(access, "open_because", "")
    )
