"""The promise of the README, row by row: what is taken holds no word of anybody (and the search would find one).

Each row of the table has its test; what a later part of the system adds to a row is added here.
"""

import base64
import json
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from rainbowrail.devtools import logins
from rainbowrail.devtools.child import passed_on
from rainbowrail.devtools.world import ROOT
from tests.journeys.people import Caseworker
from tests.seizure import places
from tests.seizure.conftest import LATIN, Told, rare
from tests.seizure.search import needles, search
from tests.worlds import DESK, OpenBrowser, Running


def shown(found: dict[str, dict[str, bytes]]) -> str:
    return "\n".join(f"{place}: {what}: {around!r}" for place, hits in found.items() for what, around in hits.items())


def test_nothing_was_found_while_the_journey_was_under_way(told: Told) -> None:
    assert told.early == {}, shown(told.early)


def test_a_dump_of_the_database_holds_no_word_of_anybody(told: Told, running: Running) -> None:
    found = told.look(places.database(running))
    assert found == {}, shown(found)


def test_the_stolen_disk_of_the_database_holds_no_word_of_anybody(told: Told, running: Running) -> None:
    """Its write-ahead log too: whatever stood in a row for a moment would still stand there."""
    found = told.look(places.database_files(running))
    assert found == {}, shown(found)


def test_redis_holds_no_word_of_anybody(told: Told, running: Running) -> None:
    found = told.look(places.redis_memory(running))
    assert found == {}, shown(found)


def test_logs_temporary_files_and_static_files_hold_no_word_of_anybody(told: Told, running: Running) -> None:
    found = told.look(places.everything_else(running))
    assert found == {}, shown(found)


def test_mails_bear_the_address_and_no_other_word(told: Told, running: Running) -> None:
    sent = list(places.mails(running))
    mine = [data for _subject, data in sent if told.canaries.address.encode() in data]
    assert len(mine) >= 2, "one when it arrived, one when there was something to read"
    found = {place: search(needles([told.canaries.latin, told.canaries.arabic, told.code]), data) for place, data in sent}
    assert {place: hits for place, hits in found.items() if hits} == {}


def test_a_return_code_shows_what_staff_wrote_and_nothing_the_person_sent(told: Told) -> None:
    page = told.seen_with_the_code + told.seen_with_files
    assert told.message in page
    for what in ("name", "city", "own words", "answer", "note"):
        assert f"{told.canaries.arabic} {what}" not in page
    assert told.canaries.address not in page


LOOK_AS_THE_PUBLIC_PROCESS = """
import json
from django.apps import apps
from django.db import Error, transaction
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.errors import CryptoError
from rainbowrail.crypto.fields import SealedField
opened, kept, hidden = [], 0, []
for model in apps.get_models():
    sealed = [field.attname for field in model._meta.concrete_fields if isinstance(field, SealedField)]
    try:
        with transaction.atomic():
            rows = list(model._default_manager.all()) if sealed else []
    except Error:
        hidden.append(model.__name__)
        continue
    for row in rows:
        for name in sealed:
            with datakeys.scope():
                try:
                    opened.append([model.__name__, name, str(getattr(row, name))[:0]])
                except CryptoError:
                    kept += 1
print(json.dumps([opened, kept, hidden]))
"""


def look_as_the_public_process(running: Running, **told: str) -> tuple[list[object], int, list[str]]:
    """Return what opens, how many values stay closed and which tables are refused, with all that the public process holds."""
    environment = {**passed_on(), **running.world.access.environment("public"), **told}
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", LOOK_AS_THE_PUBLIC_PROCESS]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    opened, kept, hidden = json.loads(done.stdout.strip().splitlines()[-1])
    return opened, kept, hidden


def test_the_public_web_process_opens_nothing_that_was_sent_before(told: Told, running: Running) -> None:
    opened, kept, hidden = look_as_the_public_process(running)
    assert (opened, kept) == ([], 0), "its database role sees no row of anybody who does not visit"
    assert "HelpRequest" in hidden


def test_the_public_process_and_a_whole_dump_together_open_nothing_that_was_sent(told: Told, running: Running) -> None:
    opened, kept, _hidden = look_as_the_public_process(running, DATABASE_URL=running.world.access.database_url(logins.ADMIN))
    assert opened == []
    assert kept > 10, "the rows were really there"


def test_a_caseworkers_session_sees_its_cases_on_record_and_no_trail_or_keys(
    told: Told, running: Running, open_browser: OpenBrowser
) -> None:
    cleo = Caseworker(open_browser(DESK), running.staff)
    looks = "SELECT count(*) FROM audit_auditevent WHERE verb = 'audit.viewed'"
    before = running.count(looks)
    ((reference,),) = running.rows("SELECT reference FROM cases_case WHERE state = 'closed' LIMIT 1")
    assert cleo.page.goto(f"{running.staff}/cases/{reference}/").status in {200, 404}
    opened = running.rows("SELECT reference FROM cases_case c JOIN accounts_user u ON u.id = c.owner_id WHERE u.name = 'Cleo'")
    assert cleo.page.goto(f"{running.staff}/cases/{opened[0][0]}/").status == 200
    assert running.count(looks) > before
    for closed in ("/trail/", "/notices/", "/erasures/"):
        assert cleo.page.goto(f"{running.staff}{closed}").status == 403, closed


def test_a_sealed_backup_holds_no_word_of_anybody(told: Told, running: Running, tmp_path: Path) -> None:
    path = tmp_path / "everything.backup"
    running.world.manage("backup", "--into", str(path))
    data = path.read_bytes()
    assert len(data) > 50_000
    assert search(told.wanted(), data) == {}
    for clear in (b"intake_helprequest", b"cases_case", b"Cleo"):
        assert clear not in data, "not even what the database tells in the clear"


# --- and all of this could have failed ---


@pytest.fixture
def careless(running: Running) -> Iterator[str]:
    """A word where a careless program would leave it: in a clear column, in Redis, in a log and in a temporary file."""
    word = rare(LATIN, 14)
    admin, address = running.world.access.database_url(logins.ADMIN), running.world.access.redis_url(logins.ADMIN)
    log = running.world.log_of("manage")
    with psycopg.connect(admin, autocommit=True) as connection, redis.Redis.from_url(address) as client:
        connection.execute("UPDATE accounts_user SET name = %s WHERE email = 'gus@example.org'", [word])
        client.set("cache:careless", json.dumps({"name": word}), ex=60)
        with log.open("a") as lines:
            lines.write(f"a careless line: {word.encode('utf-16-le')!r} {word.encode().hex()}\n")
        yield word
        connection.execute("UPDATE accounts_user SET name = 'Gus' WHERE email = 'gus@example.org'")
        client.delete("cache:careless")


def test_the_same_search_finds_what_a_careless_program_leaves(careless: str, running: Running) -> None:
    wanted = needles([careless])

    def where(haystacks: Iterator[places.Haystack]) -> list[str]:
        return [place for place, data in haystacks if search(wanted, data)]

    assert where(places.database(running)) == ["table public.accounts_user as text", "table public.accounts_user as binary"]
    in_files = where(places.database_files(running))
    assert any("/base/" in place for place in in_files), "the table's own file"
    assert any("/pg_wal/" in place for place in in_files), "the write-ahead log"
    assert where(places.redis_memory(running))[:2] == ["Redis dump", "Redis key b'cache:careless'"]
    assert where(places.everything_else(running)) == ["file logs/manage.log"]


def test_every_place_was_really_looked_at(told: Told, running: Running) -> None:
    tables = [place for place, data in places.database(running) if len(data) > 100]
    for table in ("intake_helprequest", "intake_delivery", "cases_note", "referrals_sentpacket", "crypto_datakey"):
        assert f"table public.{table} as binary" in tables
    logs = {place: len(data) for place, data in places.everything_else(running) if "logs/" in place}
    assert {f"file logs/{name}.log" for name in ("public", "staff", "worker", "clock")} <= set(logs)
    assert logs["file logs/worker.log"] > 1000, "at the level DEBUG a worker says something"
    assert sum(len(data) for _place, data in places.database_files(running)) > 10_000_000


LOOK_INTO_EVERY_SEALED_FIELD = """
import json
from django.apps import apps
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.errors import CryptoError
from rainbowrail.crypto.fields import SealedField
opened, refused, other = 0, [], []
for model in apps.get_models():
    for field in model._meta.concrete_fields:
        if isinstance(field, SealedField):
            for row in model._default_manager.all():
                with datakeys.scope():
                    try:
                        if hasattr(row, "hold_key"):  # a file has a key of its own, under the person's
                            row.hold_key()
                        getattr(row, field.attname)
                        opened += 1
                    except CryptoError as error:
                        refused.append(f"{model.__name__}.{field.attname}: {type(error).__name__}")
                    except Exception as error:
                        other.append(f"{model.__name__}.{field.attname}: {error!r}")
print(json.dumps([opened, refused, other]))
"""


def look_into_every_sealed_field(running: Running, keys: Path) -> tuple[int, list[str]]:
    """Return how many values open, and which are refused, for a worker that holds the keys of this folder."""
    told = {**passed_on(), **running.world.access.environment("worker"), "RAINBOWRAIL_KEYS": str(keys)}
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", LOOK_INTO_EVERY_SEALED_FIELD]
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=True)
    opened, refused, other = json.loads(done.stdout.strip().splitlines()[-1])
    assert other == []
    return opened, refused


def test_no_sealed_column_opens_without_the_keys(told: Told, running: Running, tmp_path: Path) -> None:
    rightful = running.world.keys / "worker"
    opened, refused = look_into_every_sealed_field(running, rightful)
    assert opened > 30
    assert refused == []

    thief = tmp_path / "keys"
    shutil.copytree(rightful, thief)
    (store,) = thief.glob("store-*.key")
    key = json.loads(store.read_text())
    store.write_text(json.dumps(key | {"key": base64.b64encode(secrets.token_bytes(32)).decode()}))
    now_opened, refused = look_into_every_sealed_field(running, thief)
    assert (now_opened, len(refused)) == (0, opened), "with a store key of their own making"

    store.unlink()
    now_opened, refused = look_into_every_sealed_field(running, thief)
    assert (now_opened, len(refused)) == (0, opened), "with no store key"
