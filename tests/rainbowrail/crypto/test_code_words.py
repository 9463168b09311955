"""No list of words is used that nobody of its language has read."""

import re
from pathlib import Path

import pytest

from rainbowrail.crypto import code_words, return_code
from rainbowrail.crypto.code_words import FOLDER, WORDS, NotReviewed

ROOT = Path(code_words.__file__).parents[2]
REVIEWED = "# reviewed: Amina Otieno, native speaker of Swahili, 2027-03-01"
MANY = [f"neno{number}" for number in range(WORDS)]


def write(folder: Path, *lines: str) -> None:
    (folder / "sw.txt").write_text("\n".join(lines), encoding="utf-8")


def test_every_list_of_words_that_we_carry_has_its_review_line() -> None:
    assert code_words.languages() == sorted(path.stem for path in FOLDER.glob("*.txt"))


def test_a_reviewed_list_is_used(tmp_path: Path) -> None:
    write(tmp_path, REVIEWED, *MANY)
    assert code_words.languages(tmp_path) == ["sw"]
    assert code_words.words("sw", tmp_path)[:2] == ("neno0", "neno1")


@pytest.mark.parametrize(
    "first",
    ["", "neno", "# reviewed", "# reviewed: Amina", "# reviewed: Amina Otieno, native speaker, 2027-13-01", f" {REVIEWED}"],
)
def test_a_list_without_its_review_line_is_refused(first: str, tmp_path: Path) -> None:
    write(tmp_path, first, *MANY)
    with pytest.raises(NotReviewed):
        code_words.words("sw", tmp_path)
    with pytest.raises(NotReviewed):
        code_words.languages(tmp_path)


def test_a_list_that_is_short_or_repeats_itself_is_refused(tmp_path: Path) -> None:
    write(tmp_path, REVIEWED, *MANY[:-1])
    with pytest.raises(NotReviewed):
        code_words.words("sw", tmp_path)
    write(tmp_path, REVIEWED, *MANY[:-1], MANY[0])
    with pytest.raises(NotReviewed):
        code_words.words("sw", tmp_path)
    with pytest.raises(NotReviewed):
        code_words.words("xx", tmp_path)


def test_nothing_else_reads_lists_of_words() -> None:
    """Another way to a list would be a way around the review."""
    reading = re.compile(r"code_words[\"'/]|wordlist|word_list|mnemonic", re.IGNORECASE)
    apps = [ROOT / name for name in ("rainbowrail", "intake", "cases", "referrals")]
    found = [path for app in apps for path in app.rglob("*.py") if reading.search(path.read_text(encoding="utf-8"))]
    assert found == [Path(code_words.__file__)]


@pytest.mark.parametrize("language", ["en", "sw", "ar", "so"])
def test_without_a_list_a_code_is_shown_as_digits(language: str) -> None:
    shown = return_code.show(return_code.make(), language)
    assert all(character.isdigit() or character == " " for character in shown)
