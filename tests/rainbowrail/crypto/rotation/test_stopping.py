"""The command as a real process: stopped by a signal in the middle, and run again to the end."""

import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

from rainbowrail.crypto import datakeys
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.models import DataKey, StoreKey

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = 3000
PATIENCE = 120


def keys(root: Path, *words: str) -> "subprocess.Popen[str]":
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    told = {
        "DJANGO_SETTINGS_MODULE": "rainbowrail.settings.test",
        "RAINBOWRAIL_PROCESS": "owner",
        "RAINBOWRAIL_KEYS": str(root / "owner"),
        "DATABASE_URL": urlunsplit(database),
    }
    command = [sys.executable, "manage.py", "keys", *words, "--folders", str(root)]
    return subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=os.environ | told, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_rotation_that_gets_a_signal_stops_after_its_batch_and_goes_on_later(installation: Path, number: int) -> None:
    people = [uuid.uuid4() for _ in range(COUNT)]
    made = [datakeys.OpenKey(uuid.uuid4(), person, Compartment.STORY, 1, os.urandom(32)) for person in people]
    datakeys.wrap_for_store(made)
    running = keys(installation, "rotate", "store", "--batch", "1")
    ends = time.monotonic() + PATIENCE
    while not DataKey.objects.filter(store_key=2).exists():
        assert running.poll() is None, running.communicate()[0]
        assert time.monotonic() < ends
        time.sleep(0.01)
    running.send_signal(number)

    said, _ = running.communicate(timeout=PATIENCE)

    assert running.returncode == 130, said
    assert "run the same again to go on" in said
    assert 0 < DataKey.objects.filter(store_key=2).count() < COUNT
    assert StoreKey.objects.get(id=1).retired_on is not None

    again = keys(installation, "rotate", "store")
    said, _ = again.communicate(timeout=PATIENCE)

    assert again.returncode == 0, said
    assert "destroyed" in said
    assert "a second" in said
    assert not list(installation.rglob("store-1.*"))
    checking = keys(installation, "verify")
    said, _ = checking.communicate(timeout=PATIENCE)
    assert (checking.returncode, f"All {COUNT} wraps open" in said) == (0, True), said
