"""An installation of its own, which a test may turn and destroy as it likes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from rainbowrail.crypto import keyring
from rainbowrail.crypto.models import DataKey, IntakeKey, StoreKey
from rainbowrail.crypto.rotation.places import Places
from tests.rainbowrail.crypto.folders import all_folders


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The key folders that `keys make` made; those of the suite are left alone."""
    return all_folders(tmp_path / "keys")


@pytest.fixture
def places(root: Path) -> Places:
    return Places.of_installation(root)


@pytest.fixture
def installation(db: None, root: Path) -> Iterator[Path]:
    """The same, registered in the database in place of the suite's keys, with this process playing all parts."""
    for rows in (DataKey, IntakeKey, StoreKey):
        rows.objects.all().delete()
    with override_settings(KEYS_DIR=root / "all"):
        call_command("keys", "register", verbosity=0)
        yield root
    keyring.reload()
