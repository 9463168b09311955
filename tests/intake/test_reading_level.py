"""The public door speaks plainly: a reader of twelve follows every sentence of it.

Measured by the Flesch-Kincaid grade (J. P. Kincaid et al., 1975): 0.39 words a sentence + 11.8 syllables a word - 15.59.
Grade 6 is the sixth school year of the USA, aged eleven to twelve. It counts lengths and knows no meaning: a question of eight
words with "registered" in it comes out at 8. So one text may lie above six, and all of them together lie well below.
"""

import re

import pytest

from rainbowrail.devtools.extraction import sentences

MOST_FOR_ALL = 4.0
MOST_FOR_ONE = 9.0
# Below this many words the formula says more about one long word than about the text.
FEWEST_WORDS = 8
SILENT = re.compile(r"(?:[^laeiouy]es|[^td]ed|[^aeiouyl]e)$")
VOWELS = re.compile(r"[aeiouy]+")
# Names of things that have no shorter name, or that the applicant must recognise as it is written.
NAMES = {"unhcr", "findahelpline", "com", "organisation", "organisations", "nationality"}


def syllables(word: str) -> int:
    return max(1, len(VOWELS.findall(SILENT.sub("", word)))) if len(word) > 3 else 1


def words_of(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower()) if word not in NAMES]


def plain(text: str) -> str:
    """Return the text without placeholders and marks of HTML."""
    return re.sub(r"%\([a-z_]+\)[sd]|%[sd%]|<[^>]+>", "x", text)


def counts_of(text: str) -> tuple[int, int, int]:
    """Return sentences, words and syllables."""
    parts = [part for part in re.split(r"[.!?:;]+(?:\s|$)", plain(text)) if words_of(part)]
    words = words_of(plain(text))
    return max(1, len(parts)), len(words), sum(map(syllables, words))


def grade(sentences_: int, words: int, syllables_: int) -> float:
    return 0.39 * words / sentences_ + 11.8 * syllables_ / words - 15.59


def spoken() -> list[str]:
    """Return every text of the public door that is long enough to be measured."""
    texts = {text for found in sentences().values() for one in found if one.is_public for text in (one.key.one, one.key.many)}
    return sorted(text for text in texts if counts_of(text)[1] >= FEWEST_WORDS)


@pytest.mark.parametrize(
    ("word", "count"),
    [("cat", 1), ("danger", 2), ("help", 1), ("family", 3), ("safe", 1), ("wanted", 2), ("opened", 2), ("table", 2)],
)
def test_syllables_are_counted_as_they_are_said(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_measure_tells_a_hard_sentence_from_a_plain_one() -> None:
    hard = "Notwithstanding aforementioned considerations, applicants experiencing persecution may request relocation."
    assert grade(*counts_of(hard)) > MOST_FOR_ONE
    assert grade(*counts_of("We read what you wrote. Then we write back to you here.")) < MOST_FOR_ALL


def test_no_text_of_the_public_door_is_hard_to_read() -> None:
    hard = {text: round(level, 1) for text in spoken() if (level := grade(*counts_of(text))) > MOST_FOR_ONE}
    assert not hard, f"Say these in shorter words or sentences: {hard}"


def test_all_texts_together_can_be_read_at_twelve() -> None:
    texts = spoken()
    assert len(texts) > 200
    totals = [sum(column) for column in zip(*map(counts_of, texts), strict=True)]
    assert grade(*totals) <= MOST_FOR_ALL
