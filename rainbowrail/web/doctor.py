"""What `manage.py doctor` looks at. An app adds its own: `doctor.examine("deliveries", look)` in AppConfig.ready.

An examination takes nothing, costs a few queries at most, and returns a sentence for each thing that is wrong: what, and what
to do about it. No sentence names a person.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from rainbowrail.crypto import checks, grants, keyring, recovery, recovery_copies
from rainbowrail.crypto.models import IntakeKey, StoreKey
from rainbowrail.crypto.rotation import intake, store, verify
from rainbowrail.privacy import erased
from rainbowrail.web import health

HEARTBEAT = "clock-heartbeat"
HEARTBEAT_SECONDS = 180
SLACK_DAYS = 1

type Examination = Callable[[], Iterable[str]]

_examinations: dict[str, Examination] = {}


@dataclass(frozen=True)
class Finding:
    """One examination and what it found; nothing is good."""

    name: str
    complaints: list[str]


def examine(name: str, look: Examination) -> None:
    """Add an examination; the same name again replaces the earlier."""
    _examinations[name] = look


def findings() -> Iterator[Finding]:
    """Yield each examination's result; one that fails is itself a complaint."""
    for name, look in _all().items():
        try:
            complaints = list(look())
        except Exception as error:  # a broken part must not hide what the others say
            complaints = [f"could not be looked at ({type(error).__name__})."]
        yield Finding(name, complaints)


def note_heartbeat() -> None:
    """Remember that clock, broker and worker work together at this moment."""
    cache.set(HEARTBEAT, time.time(), timeout=None)


def _all() -> Mapping[str, Examination]:
    own: dict[str, Examination] = {
        "key folder": lambda: checks.complaints(Path(settings.KEYS_DIR), settings.PROCESS, demo=settings.DEMO),
        "keys and their rows": verify.key_complaints,
        "age of keys": key_ages,
        "recovery": recovery_tried,
        "list of erased ids": erased_list,
        "migrations": migrations,
        "grants": grants_applied,
        "clock and worker": heartbeat,
    }
    return own | _examinations


def key_ages() -> Iterator[str]:
    """Intake pairs live a week, store keys 90 days."""
    today = timezone.now().date()
    newest = IntakeKey.objects.filter(retired_on=None).order_by("-created_on").first()
    if newest is None or _is_over(newest.created_on, intake.LIFETIME_DAYS, today):
        yield "No intake pair is younger than a week: run `manage.py keys rotate intake`, or give the worker RAINBOWRAIL_PINS."
    store_keys = list(StoreKey.objects.order_by("-id"))
    if not store_keys or _is_over(store_keys[0].created_on, store.LIFETIME_DAYS, today):
        yield f"The store key is older than {store.LIFETIME_DAYS} days: run `manage.py keys rotate store`."
    if len(store_keys) > 1:
        yield "A rotation of the store key is not finished: run `manage.py keys rotate store` again."


def recovery_tried() -> Iterator[str]:
    """A copy of the keys that nobody has opened is a hope; one that lacks a key in use is less."""
    folder = keyring.folder()
    trial = recovery.Trial.read(folder)
    if trial is None:
        yield f"No recovery copy was tried: `manage.py keys recover --try`, with {folder} as this process's key folder."
    elif lacking := recovery_copies.needed(folder) - set(trial.covers):
        names = ", ".join(sorted(" ".join(entry.split()[:-1]) for entry in lacking))
        yield f"The recovery copy that was tried on {trial.tried_on} lacks {names}: `keys copy`, then `keys recover --try`."


def erased_list() -> Iterator[str]:
    if settings.ERASED_DIR is None:
        yield "RAINBOWRAIL_ERASED is not set: a restored backup would bring erased people back."
        return
    try:
        erased.read()
    except (OSError, ValueError) as error:
        yield str(error)


def migrations() -> Iterator[str]:
    missing = sorted(health.known_migrations() - MigrationRecorder(connection).applied_migrations().keys())
    if missing:
        yield f"{len(missing)} migrations are not applied, the first is {'.'.join(missing[0])}: run `manage.py prepare`."


def grants_applied() -> Iterator[str]:
    """Compare what each role may do with what is stated beside the models. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, r.rolname, array_agg(a.privilege_type) FROM pg_class c, aclexplode(c.relacl) a "
            "JOIN pg_roles r ON r.oid = a.grantee WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' "
            "AND r.rolname = ANY(%s) GROUP BY 1, 2",
            [list(grants.SERVING_ROLES)],
        )
        held = {(table, role): set(verbs) for table, role, verbs in cursor.fetchall()}
        cursor.execute(
            "SELECT relname, relrowsecurity FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
        )
        secured = dict(cursor.fetchall())
    said = grants.statements()
    for table in sorted(secured.keys() & said.keys()):
        for role in grants.SERVING_ROLES:
            if held.pop((table, role), set()) != said[table].grants.of(role):
                yield f"{role} may do something else on {table} than is stated: run `manage.py grants apply`."
        if secured[table] != bool(said[table].policies):
            yield f"Row-level security on {table} is not as stated: run `manage.py grants apply`."
    for table, role in sorted(held):
        yield f"{role} may use {table}, about which nothing is stated: run `manage.py grants apply`."


def heartbeat() -> Iterator[str]:
    seen = cache.get(HEARTBEAT)
    age = None if seen is None else time.time() - float(seen)
    if age is None:
        yield "The clock was never heard: do clock, broker and worker run?"
    elif age > HEARTBEAT_SECONDS:
        yield f"The clock was last heard {age / 60:.0f} minutes ago: do clock, broker and worker run?"


def _is_over(made_on: date, lifetime_days: int, today: date) -> bool:
    return made_on + timedelta(days=lifetime_days + SLACK_DAYS) < today
