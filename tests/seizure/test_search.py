"""The search itself can find: each form of a word, at each place, in the middle of anything."""

import base64

import pytest

from tests.seizure.search import forms, needles, search

WORDS = ["zqvorlex", "٧ظضغشزث"]
NOISE = bytes(range(256))


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("before", range(7))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_word_is_found_in_base64_wherever_it_begins(word: str, before: int, encoding: str) -> None:
    data = NOISE[:before] + word.encode(encoding) + NOISE
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        assert search(needles([word]), NOISE + encode(data) + NOISE)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_found_in_every_other_form(word: str) -> None:
    for name, form in forms(word):
        assert name and search(needles([word]), NOISE + form + NOISE)
    assert search(needles([word]), repr({"text": word.encode()}).encode())
    assert search(needles([word]), NOISE + b"\\x" + word.encode().hex().encode())


@pytest.mark.parametrize("word", WORDS)
def test_nothing_is_found_where_nothing_is(word: str) -> None:
    assert search(needles([word]), NOISE * 1000) == {}
