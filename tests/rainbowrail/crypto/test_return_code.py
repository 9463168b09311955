import pickle
import threading
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rainbowrail.crypto import keyring, return_code
from rainbowrail.crypto.errors import Busy, CodeFault, KeyMissing, KeyNotHeld, NotForCopies, OpenFailed, ReturnCodeUnreadable
from rainbowrail.crypto.keyring import Keyring
from rainbowrail.crypto.numerals import NUMERALS
from rainbowrail.crypto.pool import Pool
from rainbowrail.crypto.return_code import CodeKeys
from rainbowrail.crypto.sources.files import Kind
from tests.rainbowrail.crypto.vectors import cases

CODE = "0000000000000000000000000"
CONTEXT = "return_code.conversation.v1"

random_digits = st.text("0123456789", min_size=24, max_size=24)
codes = random_digits.map(lambda digits: digits + return_code.check_digit(digits))


def hold_peppers(monkeypatch: pytest.MonkeyPatch, peppers: dict[str, bytes]) -> None:
    ring = Keyring(secrets={Kind.PEPPER: peppers}, pinned={}, prints={})
    monkeypatch.setattr(keyring, "current", lambda: ring)
    monkeypatch.setattr(keyring, "reload", lambda: ring)


# --- making, showing, reading ---


@pytest.mark.parametrize("case", cases("check_digit"))
def test_the_check_digit_is_frozen(case: dict[str, Any]) -> None:
    assert return_code.check_digit(case["digits"]) == case["check_digit"]


def test_the_check_digit_is_that_of_damm() -> None:
    assert return_code.check_digit("572") == "4"


def test_codes_are_25_digits_and_never_alike() -> None:
    made = {return_code.make() for _ in range(300)}

    assert len(made) == 300
    assert all(return_code.read(code) == code for code in made)


@given(codes)
def test_every_single_wrong_digit_is_caught(code: str) -> None:
    for place, digit in enumerate(code):
        for wrong in set("0123456789") - {digit}:
            with pytest.raises(ReturnCodeUnreadable) as refusal:
                return_code.read(code[:place] + wrong + code[place + 1 :])
            assert refusal.value.reason is CodeFault.CHECK_DIGIT


@given(codes)
def test_every_swap_of_neighbours_is_caught(code: str) -> None:
    for place in range(len(code) - 1):
        if code[place] != code[place + 1]:
            with pytest.raises(ReturnCodeUnreadable):
                return_code.read(code[:place] + code[place + 1] + code[place] + code[place + 2 :])


@given(codes, st.sampled_from(["en", *NUMERALS]))
def test_a_code_is_read_back_as_it_is_shown(code: str, language: str) -> None:
    shown = return_code.show(code, language)

    assert [len(group) for group in shown.split(" ")] == [5] * 5
    assert return_code.read(shown) == code


@given(codes, st.sampled_from(" -–—\u00a0\u202f\u200f\u2066._\t\n\u2212·\ufeff"), st.integers(min_value=1, max_value=6))
def test_spaces_dashes_and_direction_marks_do_not_matter(code: str, separator: str, every: int) -> None:
    typed = separator + separator.join(code[start : start + every] for start in range(0, 25, every)) + separator

    assert return_code.read(typed) == code


def test_numerals_may_be_mixed() -> None:
    assert return_code.read("٠۰0०０" * 5) == CODE


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", CodeFault.EMPTY),
        (" - ", CodeFault.EMPTY),
        (CODE[1:], CodeFault.TOO_SHORT),
        (CODE + "0", CodeFault.TOO_LONG),
        ("0" * 5000, CodeFault.TOO_LONG),
        (CODE[1:] + "1", CodeFault.CHECK_DIGIT),
        (CODE[1:] + "O", CodeFault.NOT_DIGITS),
        ("my words", CodeFault.NOT_DIGITS),
        (CODE + "\0", CodeFault.NOT_DIGITS),
    ],
)
def test_what_is_no_code_is_refused_with_a_reason_and_not_repeated(typed: str, reason: CodeFault) -> None:
    with pytest.raises(ReturnCodeUnreadable) as refusal:
        return_code.read(typed)

    assert refusal.value.reason is reason
    assert len(typed) < 4 or typed not in str(refusal.value)


@given(st.text(max_size=60))
def test_anything_typed_is_a_code_or_a_reason(typed: str) -> None:
    try:
        assert len(return_code.read(typed)) == 25
    except ReturnCodeUnreadable as refusal:
        assert refusal.reason in CodeFault


# --- what a code opens ---


@pytest.mark.parametrize("case", cases("return_code"))
def test_codes_of_long_ago_still_find_and_open(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    hold_peppers(monkeypatch, {str(case["pepper_version"]): bytes.fromhex(case["pepper"])})
    keys = return_code.derive(case["code"])

    assert (keys.locator.hex(), keys.wrapping_key.hex(), keys.locator_hash) == (
        case["locator"],
        case["wrapping_key"],
        case["locator_hash"],
    )
    assert (keys.pepper_version, keys.params_version) == (case["pepper_version"], 1)
    opened = return_code.unwrap(keys, bytes.fromhex(case["wrapped"]), context=case["context"], row_id=UUID(case["row_id"]))
    assert opened.hex() == case["payload"]


def test_argon2_is_as_strong_as_designed() -> None:
    assert (return_code.MEMORY_KIB, return_code.PASSES, return_code.LANES) == (19 * 1024, 2, 1)


def test_locator_and_wrapping_key_of_all_codes_and_peppers_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    hold_peppers(monkeypatch, {"1": bytes(32), "2": b"\1" * 32})
    found = [key for code in (CODE, return_code.make()) for key in return_code.derive_all(code)]
    secrets = [secret for key in found for secret in (key.locator, key.wrapping_key, bytes.fromhex(key.locator_hash))]

    assert len(set(secrets)) == len(secrets) == 12


def test_while_a_pepper_turns_the_newest_comes_first_and_both_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    hold_peppers(monkeypatch, {"9": bytes(32), "10": b"\1" * 32})

    assert [keys.pepper_version for keys in return_code.derive_all(CODE)] == [10, 9]
    assert return_code.derive(CODE).pepper_version == 10
    assert return_code.derive(CODE, pepper_version=9).locator_hash == return_code.derive_all(CODE)[1].locator_hash


def test_a_third_pepper_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    hold_peppers(monkeypatch, {"1": bytes(32), "2": b"\1" * 32, "3": b"\2" * 32})

    with pytest.raises(KeyMissing, match="at most 2"):
        return_code.derive_all(CODE)


def test_a_pepper_that_is_gone_or_not_held_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    hold_peppers(monkeypatch, {"2": bytes(32)})
    with pytest.raises(KeyMissing):
        return_code.derive(CODE, pepper_version=1)

    hold_peppers(monkeypatch, {})
    with pytest.raises(KeyNotHeld):
        return_code.derive(CODE)


@pytest.mark.parametrize("text", ["ü" * 25, CODE[1:], CODE[1:] + "1"])
def test_only_a_code_is_derived(text: str) -> None:
    with pytest.raises(ReturnCodeUnreadable):
        return_code.derive(text)


def some_keys() -> CodeKeys:
    return CodeKeys(bytes(32), bytes(range(32)), "0" * 64, 1, 1)


def test_a_wrap_opens_with_its_code_its_context_and_its_row_only() -> None:
    keys, row = some_keys(), uuid4()
    wrapped = return_code.wrap(keys, b"conversation key", context=CONTEXT, row_id=row)
    other = CodeKeys(bytes(32), bytes(32), "0" * 64, 1, 1)

    assert return_code.unwrap(keys, wrapped, context=CONTEXT, row_id=row) == b"conversation key"
    for wrong_keys, context, row_id in ((other, CONTEXT, row), (keys, "draft.key.code.v1", row), (keys, CONTEXT, uuid4())):
        with pytest.raises(OpenFailed):
            return_code.unwrap(wrong_keys, wrapped, context=context, row_id=row_id)


def test_a_decoy_has_the_shape_of_a_real_row() -> None:
    keys = some_keys()
    real = return_code.wrap(keys, b"conversation key", context=CONTEXT, row_id=uuid4())
    decoys = [return_code.decoy(real) for _ in range(50)]

    assert {(len(locator_hash), len(wrapped), wrapped[0]) for locator_hash, wrapped in decoys} == {(64, len(real), real[0])}
    assert len({locator_hash for locator_hash, _ in decoys}) == 50
    with pytest.raises(OpenFailed):
        return_code.unwrap(keys, decoys[0][1], context=CONTEXT, row_id=uuid4())


def test_the_keys_of_a_code_are_not_printed_and_not_pickled() -> None:
    keys = some_keys()

    assert "\\x" not in repr(keys)
    with pytest.raises(NotForCopies):
        pickle.dumps(keys)


# --- the pool ---


def test_more_codes_than_places_and_queue_are_told_to_come_back() -> None:
    pool = Pool(at_once=1, queue=1, patience=30)
    inside, done = threading.Event(), threading.Event()
    finished: list[str] = []

    def compute(name: str) -> None:
        with pool.place():
            inside.set()
            done.wait(10)
            finished.append(name)

    first = threading.Thread(target=compute, args=("first",))
    first.start()
    assert inside.wait(10)
    second = threading.Thread(target=compute, args=("second",))
    second.start()
    while pool._waiting == 0:
        second.join(0.01)

    with pytest.raises(Busy, match="minute"), pool.place():
        pass
    done.set()
    first.join(10)
    second.join(10)

    assert finished == ["first", "second"]
    with pool.place():
        assert pool._waiting == 0


def test_who_waits_too_long_is_told_to_come_back() -> None:
    pool = Pool(at_once=1, queue=5, patience=0.01)

    with pool.place(), pytest.raises(Busy), pool.place():
        pass
    with pool.place():
        assert pool._waiting == 0


def test_a_computation_that_fails_gives_its_place_back() -> None:
    pool = Pool(at_once=1, queue=1, patience=0.01)
    with pytest.raises(RuntimeError), pool.place():
        raise RuntimeError

    with pool.place():
        pass


def test_codes_are_derived_rightly_by_many_threads_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    hold_peppers(monkeypatch, {"1": bytes(32)})
    expected = return_code.derive(CODE).locator_hash
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(return_code.derive(CODE).locator_hash)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert found == [expected] * 5
