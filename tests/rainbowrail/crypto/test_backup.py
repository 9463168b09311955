"""A backup as the commands make it: whole, sealed, put back into a fresh database, worth nothing without its keys."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from psycopg import sql

from intake.models import Delivery, HelpRequest
from rainbowrail.crypto import backup, boxes, datakeys, keyring
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.errors import KeyMissing, KeyNotHeld
from rainbowrail.crypto.models import DataKey, IntakeKey, StoreKey
from rainbowrail.crypto.rotation import destroying, intake, store
from rainbowrail.crypto.rotation.places import Places
from rainbowrail.crypto.sealed_stream import Header, Sealer
from rainbowrail.crypto.sources.files import Kind
from rainbowrail.privacy import erased
from tests.rainbowrail.crypto.folders import all_folders

pytestmark = pytest.mark.django_db(transaction=True)

CANARY = "Ade fled from Lagos, canary 7261696e"
PATIENCE = 120


def url(name: str, role: str) -> str:
    options = f"options={quote(f'-c role={role}')}" if role else ""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}", query=options))


def manage(root: Path, name: str, role: str, *words: str, **told: str) -> "subprocess.CompletedProcess[str]":
    """Run a command as the owner's process, under one database role."""
    environment = {
        "DJANGO_SETTINGS_MODULE": "rainbowrail.settings.test",
        "RAINBOWRAIL_PROCESS": "owner",
        "RAINBOWRAIL_KEYS": str(root / "owner"),
        "DATABASE_URL": url(name, role),
        **told,
    }
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    from django.core.management import call_command

    found = all_folders(tmp_path / "keys")
    for rows in (DataKey, IntakeKey, StoreKey):
        rows.objects.all().delete()
    with override_settings(KEYS_DIR=found / "all"):
        call_command("keys", "register", verbosity=0)
        yield found
    keyring.reload()


def end_other_sessions(admin: psycopg.Connection, database: str) -> None:
    """End what threads of earlier tests may have left open: a template may have no guests."""
    admin.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
        [database],
    )


@pytest.fixture
def fresh(transactional_db: None, root: Path) -> Iterator[str]:
    """Another database, migrated like the suite's and empty, whose tables belong to `rainbowrail_owner`."""
    source, name = connection.settings_dict["NAME"], f"fresh_{uuid.uuid4().hex[:12]}"
    connection.close()
    with psycopg.connect(url("postgres", ""), autocommit=True) as admin:
        end_other_sessions(admin, source)
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source)))
    with psycopg.connect(url(name, ""), autocommit=True) as admin:
        rows = admin.execute(
            "SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, relname FROM pg_class c "
            "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') AND NOT EXISTS "
            "(SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i') AND relkind = 'S')"
        ).fetchall()
        for kind, relation in rows:
            admin.execute(sql.SQL("ALTER {} {} OWNER TO rainbowrail_owner").format(sql.SQL(kind), sql.Identifier(relation)))
        # What the suite's own database holds besides: not in an empty one.
        admin.execute("TRUNCATE crypto_storekey, crypto_intakekey CASCADE")
    yield name
    with psycopg.connect(url("postgres", ""), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def ade(root: Path) -> uuid.UUID:
    """A person with a sealed request, and a delivery that nobody has opened yet."""
    person = uuid.uuid4()
    with datakeys.scope():
        for compartment in (Compartment.IDENTITY, Compartment.STORY, Compartment.CONVERSATION):
            datakeys.create(person, compartment)
        HelpRequest.objects.create(
            person_id=person, language="en", identity={"name": CANARY}, answers={}, own_words=CANARY, consent={}
        )
    boxes.write_box(CANARY.encode(), _write(person), delivery_id=person, subject_id=person, sequence=1)
    return person


def _write(person: uuid.UUID):  # type: ignore[no-untyped-def]
    def write(key_id: str, box: bytes) -> None:
        Delivery(id=person, subject_id=person, sequence=1, intake_key_id=key_id, box=box).save(force_insert=True)

    return write


def made(root: Path, path: Path) -> Path:
    """A backup, made by the command under the reading role."""
    done = manage(root, connection.settings_dict["NAME"], "rainbowrail_backup", "backup", "--into", str(path))
    assert done.returncode == 0, done.stderr
    return path


def content_of(name: str) -> dict[str, str]:
    """A fingerprint of each table's rows, and where each sequence stands."""
    with psycopg.connect(url(name, "")) as here:
        tables = here.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        found = {}
        for (table,) in tables:
            query = sql.SQL("SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {} t")
            found[table] = here.execute(query.format(sql.Identifier(table))).fetchone()[0]  # type: ignore[index]
        for sequence, last in here.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall():
            found[sequence] = str(last)
        return found


def restored(root: Path, name: str, path: Path, *words: str, **told: str) -> "subprocess.CompletedProcess[str]":
    [key] = (root / "offline").glob("backup-*.key")
    return manage(root, name, "rainbowrail_owner", "restore", str(path), "--key", str(key), *words, **told)


def test_everything_comes_back_into_a_fresh_database(root: Path, fresh: str, ade: uuid.UUID, tmp_path: Path) -> None:
    path = made(root, tmp_path / "all.sealed")

    done = restored(root, fresh, path, "--nothing-was-erased")

    assert done.returncode == 0, done.stderr
    before, after = content_of(connection.settings_dict["NAME"]), content_of(fresh)
    assert after.pop("accounts_staffsession").startswith("0 ")
    before.pop("accounts_staffsession")
    assert after == before
    assert before["intake_helprequest"].startswith("1 ")
    with psycopg.connect(url(fresh, "")) as here:
        ((off,),) = here.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'").fetchall()
    assert off == 0
    checked = manage(root, fresh, "", "keys", "verify", "--folders", str(root))
    assert "All 3 wraps open" in checked.stdout, checked.stderr


def test_a_backup_without_its_key_is_noise(root: Path, fresh: str, ade: uuid.UUID, tmp_path: Path) -> None:
    content = made(root, tmp_path / "all.sealed").read_bytes()
    line, rest = content.split(b"\n", 1)

    assert line.decode().startswith("rainbowrail backup 1 ")
    for word in (b"intake_helprequest", b"django", ade.bytes, str(ade).encode(), ade.hex.encode(), CANARY.encode(), b"COPY"):
        assert word not in rest
    for path in root.rglob("*.key"):
        if path.name.startswith("backup"):
            continue
        assert path.read_bytes() not in content
    (root / "offline" / "kept").mkdir()
    other = all_folders(tmp_path / "other")
    done = restored(other, fresh, tmp_path / "all.sealed", "--nothing-was-erased")
    assert (done.returncode, "does not open the file" in done.stderr) == (1, True)


def test_the_machine_that_makes_a_backup_cannot_open_it(root: Path, tmp_path: Path) -> None:
    for folder in ("owner", "staff", "worker", "public"):
        with keyring.using(root / folder), pytest.raises(KeyNotHeld, match="backup"):
            backup.private_key(None)


def test_who_was_erased_since_does_not_come_back(root: Path, fresh: str, ade: uuid.UUID, tmp_path: Path) -> None:
    path = made(root, tmp_path / "all.sealed")
    with override_settings(ERASED_DIR=tmp_path / "erased"):
        erased.append(ade)

    refused = restored(root, fresh, path)
    assert "erased people would come back" in refused.stderr
    done = restored(root, fresh, path, RAINBOWRAIL_ERASED=str(tmp_path / "erased"))

    assert "Of 1 erased ids, forgotten again: data keys: 3" in done.stdout, done.stderr
    with psycopg.connect(url(fresh, "")) as here:
        assert here.execute("SELECT count(*) FROM crypto_datakey").fetchone() == (0,)


def test_after_its_keys_are_destroyed_no_sealed_value_of_a_backup_opens(
    root: Path, fresh: str, ade: uuid.UUID, tmp_path: Path
) -> None:
    path = made(root, tmp_path / "all.sealed")
    Delivery.objects.all().delete()  # drained meanwhile
    places, today = Places.of_installation(root), date(2027, 2, 20)
    old = IntakeKey.objects.get().id
    store.rotate(places, today=today)
    intake.rotate(places, today=today)
    destroying.destroy(Kind.INTAKE, old, places, today=today + timedelta(days=8))

    assert restored(root, fresh, path, "--nothing-was-erased").returncode == 0

    with psycopg.connect(url(fresh, "")) as here:
        columns = "id, subject_id, compartment, version, store_key_id, wrapped"
        wraps = here.execute(f"SELECT {columns} FROM crypto_datakey").fetchall()  # noqa: S608 - no input
        ((box, key_id),) = here.execute("SELECT box, intake_key_id FROM intake_delivery").fetchall()
    assert len(wraps) == 3
    for values in wraps:
        with pytest.raises(KeyMissing, match="store key 1"):
            datakeys.open_row(DataKey(**dict(zip(columns.split(", "), values, strict=True))))
    with pytest.raises(KeyMissing):
        boxes.open_box(box, intake_key_id=key_id, delivery_id=ade, subject_id=ade, sequence=1)


@pytest.mark.parametrize("harm", ["cut", "altered"])
def test_a_damaged_backup_changes_nothing(root: Path, fresh: str, ade: uuid.UUID, tmp_path: Path, harm: str) -> None:
    path = made(root, tmp_path / "all.sealed")
    content = bytearray(path.read_bytes())
    if harm == "cut":
        del content[-100:]
    else:
        content[-100] ^= 1
    path.write_bytes(content)
    before = content_of(fresh)

    done = restored(root, fresh, path, "--nothing-was-erased")

    assert (done.returncode, "altered or cut short" in done.stderr) == (1, True), done.stderr
    assert content_of(fresh) == before


def test_a_database_that_holds_people_is_left_alone(root: Path, ade: uuid.UUID, tmp_path: Path) -> None:
    path = made(root, tmp_path / "all.sealed")

    done = manage(
        root, connection.settings_dict["NAME"], "", "restore", str(path), "--nothing-was-erased",
        "--key", str(next((root / "offline").glob("backup-*.key"))),
    )  # fmt: skip

    assert (done.returncode, "holds people" in done.stderr) == (1, True)
    assert HelpRequest.objects.count() == 1


def test_a_backup_of_another_version_is_refused(root: Path, tmp_path: Path) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    path = tmp_path / "all.sealed"
    recorder = MigrationRecorder(connection)
    recorder.record_applied("intake", "9999_from_the_future")
    try:
        backup.write(path, today=date(2026, 11, 21))
    finally:
        recorder.record_unapplied("intake", "9999_from_the_future")

    with pytest.raises(backup.BackupUnreadable, match=r"intake\.9999_from_the_future"):
        backup.restore(path, backup.private_key(None))


def test_a_backup_is_never_overwritten_and_never_left_half(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "all.sealed"
    path.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        backup.write(path, today=date(2026, 11, 21))
    assert path.read_bytes() == b"mine"

    monkeypatch.setattr(Sealer, "finish", lambda self: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        backup.write(tmp_path / "new.sealed", today=date(2026, 11, 21))
    assert sorted(file.name for file in tmp_path.glob("*.sealed*")) == ["all.sealed"]


def test_backups_older_than_35_days_are_deleted_and_nothing_else(root: Path, tmp_path: Path) -> None:
    folder, today = tmp_path / "backups", date(2026, 11, 21)
    folder.mkdir()
    public = keyring.public(Kind.BACKUP_PUBLIC).public
    for age in (0, 35, 36, 90):
        with (folder / f"rainbowrail-{age}.sealed").open("wb") as file:
            Sealer(file, public, Header("k", today - timedelta(days=age))).finish()
    (folder / "other.sealed").write_bytes(b"not a backup")

    gone = backup.expire(folder, today=today)

    assert [path.name for path in gone] == ["rainbowrail-36.sealed", "rainbowrail-90.sealed"]
    assert sorted(path.name for path in folder.iterdir()) == ["other.sealed", "rainbowrail-0.sealed", "rainbowrail-35.sealed"]


def test_a_backup_that_should_be_gone_is_not_put_back_unasked(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.sealed"
    with path.open("wb") as file:
        Sealer(file, keyring.public(Kind.BACKUP_PUBLIC).public, Header("k", date(2020, 1, 1))).finish()

    done = restored(root, connection.settings_dict["NAME"], path, "--nothing-was-erased")

    assert "should have been deleted after 35" in done.stderr
