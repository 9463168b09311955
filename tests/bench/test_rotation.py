"""How fast the store key turns: 100,000 cases, with the data keys of four compartments each; `make bench` prints the rate."""

import os
import time
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from rainbowrail.crypto import datakeys, keyring
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.models import DataKey, IntakeKey, StoreKey
from rainbowrail.crypto.rotation import store, verify
from rainbowrail.crypto.rotation.places import Places
from tests.rainbowrail.crypto.folders import all_folders

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(1800), pytest.mark.django_db(transaction=True)]

CASES = int(os.environ.get("BENCH_CASES", "100000"))
COMPARTMENTS = (Compartment.IDENTITY, Compartment.STORY, Compartment.CONVERSATION, Compartment.CASEWORK)
BATCH = 10_000
SLOWEST = 500  # wraps a second


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    found = all_folders(tmp_path / "keys")
    for rows in (DataKey, IntakeKey, StoreKey):
        rows.objects.all().delete()
    with override_settings(KEYS_DIR=found / "all"):
        call_command("keys", "register", verbosity=0)
        yield found
    keyring.reload()


def test_the_store_key_of_many_cases_turns_in_minutes(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    number, key = datakeys.current_store_key()
    for start in range(0, CASES, BATCH):
        made = (
            datakeys.OpenKey(uuid.uuid4(), subject, compartment, 1, os.urandom(32))
            for subject in (uuid.uuid4() for _ in range(min(BATCH, CASES - start)))
            for compartment in COMPARTMENTS
        )
        DataKey.objects.bulk_create((datakeys.wrap_row(each, number, key) for each in made), batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE crypto_datakey")
    wraps = CASES * len(COMPARTMENTS)

    began = time.perf_counter()
    report = store.rotate(Places.of_installation(root), today=date(2027, 2, 20))
    took = time.perf_counter() - began
    checking = time.perf_counter()
    checked = verify.verify()
    checking = time.perf_counter() - checking

    with capsys.disabled():
        print(  # noqa: T201 - what make bench is for
            f"\nturn the store key of {CASES} cases: {wraps} wraps in {took:.0f} s, {wraps / took:.0f} wraps and "
            f"{CASES / took:.0f} cases a second; open them all again: {wraps / checking:.0f} a second"
        )
    assert (report.wrapped, report.destroyed) == (wraps, ["1"])
    assert (checked.wraps, checked.complaints) == (wraps, [])
    assert wraps / took > SLOWEST
