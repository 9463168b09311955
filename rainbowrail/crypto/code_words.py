"""Word lists by which a return code could be shown as words: none is in use, and none will be without a review.

A code in words is easier to learn by heart; a list that nobody of its language has read can hurt, with a word that outs, shames
or means something else next door (docs/decisions/0012). So a list lies in `code_words/<language>.txt` and counts only when its
first line says who reviewed it and when:

    # reviewed: Name, native speaker of Swahili (Kenya), 2027-03-01
    word
    word

There is none now, and codes are shown as digits in every language.
"""

import re
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent / "code_words"
REVIEW = re.compile(r"# reviewed: (?P<who>[^,\n]{2,}, [^,\n]{2,}), (?P<on>\d{4}-\d{2}-\d{2})")
# Ten bits a word, so that eight words carry what 24 digits do.
WORDS = 1024


class NotReviewed(Exception):
    """A word list without its review line, or not whole, is not used."""


def languages(folder: Path = FOLDER) -> list[str]:
    """Return the languages that have a reviewed list. Raises NotReviewed when a list lies there that is none."""
    found = sorted(folder.glob("*.txt")) if folder.is_dir() else []
    for path in found:
        words(path.stem, folder)
    return [path.stem for path in found]


def words(language: str, folder: Path = FOLDER) -> tuple[str, ...]:
    """Return the words of a language, in order. Raises NotReviewed without a list, a review line, or 1024 different words."""
    path = folder / f"{language}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    review = REVIEW.fullmatch(lines[0]) if lines else None
    if review is None:
        raise NotReviewed(f"No reviewed list of words for {language!r}: its first line must be “# reviewed: who, what, day”.")
    try:
        date.fromisoformat(review["on"])
    except ValueError:
        raise NotReviewed(f"The review line of the words for {language!r} names no day.") from None
    listed = tuple(line.strip() for line in lines[1:] if line.strip())
    if len(set(listed)) != len(listed) or len(listed) != WORDS:
        raise NotReviewed(f"The list for {language!r} has {len(set(listed))} different words; it needs {WORDS}.")
    return listed
