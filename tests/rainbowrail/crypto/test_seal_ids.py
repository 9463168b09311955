import re
from pathlib import Path

from django.apps import apps
from django.conf import settings

from rainbowrail.crypto import checks, seal_ids
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.envelope import SEAL_ID
from tests.rainbowrail.crypto.diary import Entry

LITERAL = re.compile(rf"[\"']({SEAL_ID.pattern})[\"']")


def test_every_sealed_column_stands_in_the_frozen_list_with_its_compartment() -> None:
    """A renamed seal id closes every stored value for good. A new column adds its line to rainbowrail/crypto/seal_ids.txt."""
    said = {seal_id: str(compartment) for seal_id, compartment, _ in seal_ids.columns(apps.get_models())}
    frozen = {seal_id: word for seal_id, word in seal_ids.frozen().items() if word in list(Compartment)}

    assert said == frozen


def test_every_seal_id_in_the_code_is_frozen_and_every_frozen_one_is_in_the_code() -> None:
    files = (
        path for app in ("rainbowrail", "intake", "cases", "referrals") for path in Path(settings.BASE_DIR, app).rglob("*.py")
    )
    written = {match[1] for path in files if "migrations" not in path.parts for match in LITERAL.finditer(path.read_text())}
    frozen = seal_ids.frozen()

    assert written == {seal_id for seal_id, word in frozen.items() if word != seal_ids.RETIRED}


def test_no_two_columns_share_a_seal_id() -> None:
    assert checks.check_seal_ids(None) == []


def test_two_columns_under_one_seal_id_are_found() -> None:
    names = [name for name, _, _ in seal_ids.columns([Entry, Entry])]

    assert names == ["test_entry.words.v1", "test_entry.facts.v1", "test_entry.born_on.v1"] * 2
    assert [message.id for message in checks.shared_seal_ids(names)] == ["crypto.E003"] * 3
