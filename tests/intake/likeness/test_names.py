"""Spellings of one name meet; different names part; and nothing that anybody types makes it fall over."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.likeness import names
from intake.likeness.latin import to_latin

SPELLINGS = [
    ("Fátima Al-Sayed", "fatima elsayed", "فاطمة السيد", "Fatimah as-Sayyed", "FATIMA  AL SAYED"),
    ("Mohammad Rezaei", "محمد رضایی", "Muhammad Rezai"),
    ("Hussein Abdulrahman", "حسين عبد الرحمن", "Husain Abd al-Rahman", "حسین عبدالرحمن", "Hussain Abderrahman"),
    ("Мухаммад Алиев", "Muhammad Aliyev", "Mukhammad Aliev"),
    ("አበበ ቢቂላ", "Abebe Bikila"),
    ("ሰላም ተስፋዬ", "Selam Tesfaye"),
    ("Dmitry Shcherbakov", "Дмитрий Щербаков"),
    ("Ḥasan ash-Shāmī", "حسن الشامي", "Hassan Al Shami"),
    ("Nguyễn Thị", "nguyen thi"),
    ("Rachid", "رشيد", "Rasheed"),
    ("Gamal", "Jamal", "جمال"),
    ("Abdullah", "عبد الله", "عبدالله", "Abdallah"),
]
OTHERS = [
    ("Fatima Al-Sayed", "Abebe Bikila"),
    ("Mohammad Rezaei", "Maryam Rahimi"),
    ("Selam Tesfaye", "Dmitry Shcherbakov"),
    ("Asif", "Yusuf"),
]


@pytest.mark.parametrize("spellings", SPELLINGS, ids=lambda spellings: spellings[0])
def test_spellings_of_one_name_have_the_same_skeletons(spellings: tuple[str, ...]) -> None:
    assert len({tuple(word.skeleton for word in names.words_of(name)) for name in spellings}) == 1


@pytest.mark.parametrize("spellings", SPELLINGS, ids=lambda spellings: spellings[0])
def test_spellings_of_one_name_are_alike(spellings: tuple[str, ...]) -> None:
    assert all(names.likeness(spellings[0], other) >= 0.8 for other in spellings)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_different_names_are_not_alike(one: str, other: str) -> None:
    assert names.likeness(one, other) < 0.75


def test_the_order_of_the_words_does_not_matter() -> None:
    assert names.likeness("Ronald Mukasa", "Mukasa Ronald") == 1.0
    assert names.pieces_of("Ronald Mukasa") == names.pieces_of("Mukasa Ronald")


def test_one_word_of_two_misheard_still_shares_pieces() -> None:
    assert len(names.pieces_of("Selam Tesfaye") & names.pieces_of("Selam Tesfade")) >= 4


@pytest.mark.parametrize("nothing", ["", " ", "…", "😀", "123", "\ud800", "ـ", "\u0651", "'"])
def test_what_has_no_letters_is_no_name(nothing: str) -> None:
    assert names.words_of(nothing) == []
    assert names.pieces_of(nothing) == set()
    assert names.likeness(nothing, "Fatima") == 0.0


@given(st.text())
def test_whatever_is_typed_gives_few_words_of_latin_letters(text: str) -> None:
    words = names.words_of(text)
    assert len(words) <= names.MOST_WORDS
    assert all(word.skeleton and set(word.skeleton) <= set(string.ascii_lowercase) for word in words)
    assert set(to_latin(text)) <= set(string.ascii_lowercase + " -")


@given(st.text())
def test_case_space_and_marks_change_nothing(text: str) -> None:
    assert names.pieces_of(f"  {text}\u200b ") == names.pieces_of(text)
    assert names.pieces_of(text.casefold()) == names.pieces_of(text)


LATIN = st.text(alphabet=string.ascii_letters + " -'áéíöüñç", max_size=40)


@given(LATIN)
def test_latin_names_are_the_same_in_capitals(text: str) -> None:
    assert names.pieces_of(text.upper()) == names.pieces_of(text)


@given(LATIN, LATIN)
def test_likeness_is_the_same_both_ways_and_between_nothing_and_all(one: str, other: str) -> None:
    assert 0.0 <= names.likeness(one, other) <= 1.0
    if names.words_of(one):
        assert names.likeness(one, one) == 1.0


@given(st.text(), st.text())
def test_the_pieces_of_a_word_are_among_those_of_a_longer_name(one: str, other: str) -> None:
    longer = names.words_of(f"{one} {other}")
    if len(names.words_of(one)) == 1 and names.words_of(one)[0] in longer:
        assert names.pieces_of(one) <= names.pieces_of(f"{one} {other}")
