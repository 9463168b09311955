"""Fingerprints are equal for equal values, tell little of them, and need a key that the public process does not hold."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rainbowrail.crypto import blind_index, keyring
from rainbowrail.crypto.blind_index import Purpose
from rainbowrail.crypto.errors import KeyMissing, KeyNotHeld
from tests.rainbowrail.crypto.folders import a_folder_of, all_folders

KEY = 1


@pytest.mark.parametrize("purpose", Purpose)
def test_equal_values_give_equal_numbers_of_the_promised_size(purpose: Purpose) -> None:
    numbers = blind_index.fingerprints(purpose, ["ade@example.org"], key=KEY)
    assert numbers == blind_index.fingerprints(purpose, ["ade@example.org"], key=KEY)
    many = blind_index.fingerprints(purpose, [f"value {n}" for n in range(2_000)], key=KEY)
    bits = 16 if purpose is Purpose.NAME else 20
    assert 2 ** (bits - 1) < max(many) < 2**bits


def test_each_purpose_has_its_own_key() -> None:
    values = [f"value {n}" for n in range(50)]
    of = {purpose: blind_index.fingerprints(purpose, values, key=KEY) for purpose in Purpose}
    assert len(of[Purpose.EMAIL] & of[Purpose.PHONE]) <= 1
    assert len(of[Purpose.DOCUMENT] & of[Purpose.PARTNER]) <= 1


def test_another_index_key_gives_other_numbers(tmp_path: Path) -> None:
    values = [f"value {n}" for n in range(50)]
    here = blind_index.fingerprints(Purpose.EMAIL, values, key=KEY)
    with keyring.using(all_folders(tmp_path / "keys") / "staff"):
        assert len(here & blind_index.fingerprints(Purpose.EMAIL, values, key=KEY)) <= 1


@pytest.mark.parametrize("process", ["staff", "worker"])
def test_staff_web_and_worker_hold_the_key(process: str, tmp_path: Path) -> None:
    with keyring.using(a_folder_of(process, tmp_path)):
        assert blind_index.keys_held() == [blind_index.newest_key()] == [1]
        with pytest.raises(KeyMissing):
            blind_index.alias(uuid4(), key=9)


def test_the_public_process_can_do_none_of_it(tmp_path: Path) -> None:
    with keyring.using(a_folder_of("public", tmp_path)):
        for refused in (
            blind_index.newest_key,
            lambda: blind_index.fingerprints(Purpose.EMAIL, ["ade@example.org"], key=KEY),
            lambda: blind_index.alias(uuid4(), key=KEY),
            lambda: blind_index.person_of(uuid4(), key=KEY),
            lambda: blind_index.padded([], person_id=uuid4(), key=KEY, bits=16, to_multiple_of=8),
        ):
            with pytest.raises(KeyNotHeld):
                refused()


@given(st.uuids())
def test_an_alias_is_undone_by_its_key_alone(person_id: UUID) -> None:
    alias = blind_index.alias(person_id, key=KEY)
    assert alias != person_id
    assert blind_index.person_of(alias, key=KEY) == person_id


@given(st.sets(st.integers(0, 2**16 - 1), max_size=40), st.uuids())
def test_padding_keeps_what_is_there_and_hides_how_much(numbers: set[int], person_id: UUID) -> None:
    row = blind_index.padded(numbers, person_id=person_id, key=KEY, bits=16, to_multiple_of=8)
    assert numbers <= set(row)
    assert row == sorted(set(row)) and row and len(row) % 8 == 0
    assert row == blind_index.padded(numbers, person_id=person_id, key=KEY, bits=16, to_multiple_of=8)


def test_a_thousandth_of_all_may_share_a_number_and_a_few_in_a_small_world() -> None:
    assert blind_index.most_shared(0) == blind_index.most_shared(20_000) == 20
    assert blind_index.most_shared(1_000_000) == 1_000
