"""What a card covers in the words of a person: their name, and ways to reach them, as far as we recognise them. Pure.

A card is read by people who may not know who it is (docs/decisions/0104). Names are looked for once, when the case opens, where
the identity is open anyway; what is kept are places in the text. Ways to reach somebody are known by their form. Best effort:
a street, a nickname, a friend's name stay, and the page says so.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from django.utils.translation import gettext as _

from intake.likeness import names

type Places = list[tuple[int, int]]

# Whatever the person may have written into freely, of what a card shows.
FREE = ("own_words", "region", "sogiesc_words", "heard")
_WORD = re.compile(r"[^\s.,;:!?()\[\]{}\"'’‘`“”„«»/\\|<>،؛؟።፣፤]+")
# A stranger writes the text. So what may begin at any letter of it is bounded, by the longest parts that mail and host names
# have; what is not bounded begins seldom, or takes what it read along.
_WAYS = re.compile(
    r"""
      (?=\w)[^\s@<>]{1,64}@[^\s@<>]{1,255}\.\w{1,63}   # e-mail
    | \b(?:https?://|www\.)\S+                         # link
    | (?:\b(?:t\.me|wa\.me|m\.me|fb\.com)|(?=\w)[\w-]{1,63}\.(?:com|net|org|info|me|io))(?:/\S*)?
    | (?<!\w)@[\w.]{2,}                                # handle
    | (?P<number>(?<!\w)\+?\(?\d[\d\s().\-/]{5,}\d)     # see `_is_number`
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DAY = re.compile(r"\d{1,4}([-/.\s])\d{1,2}\1\d{1,4}")
FEWEST_DIGITS = 7
# Shorter names are covered only as they are written; up to three letters are a prefix in scripts that write words together.
LONG, MOST_PREFIX = 4, 3
ALIKE = 0.9


def names_in(identity: Mapping[str, Any], others: Iterable[str] = ()) -> set[str]:
    """Return what would say who somebody is or where they are reached, of all that was given as their identity."""
    contact: Mapping[str, Any] = identity.get("contact") or {}
    given = [identity.get("call_you"), identity.get("filer_call_you"), contact.get("word"), *others]
    given += [contact.get("address"), contact.get("person_address")]
    return {str(one) for one in given if one}


def all_places(texts: Mapping[str, Any], known: Iterable[str]) -> dict[str, Places]:
    """Return the places of each free text that has any; `texts` is what the person answered, by key."""
    wanted = list(known)
    found = {key: places_of(str(texts.get(key) or ""), wanted) for key in FREE}
    return {key: places for key, places in found.items() if places}


def places_of(text: str, known: Iterable[str]) -> Places:
    """Return where words of `known` stand in the text, in whatever script and case: `[(begin, end)]`, in characters."""
    wanted = [_Spelled.of(word) for word in dict.fromkeys(word for one in known for word in _words(one))]
    if not wanted:
        return []

    @cache
    def is_named(word: str) -> bool:
        mine = _Spelled.of(word)
        return any(_is_same(mine, name) for name in wanted)

    return [found.span() for found in _WORD.finditer(text) if is_named(found[0])]


def cover(text: str, places: Iterable[Iterable[int]] = ()) -> str:
    """Return the text with those places, and all ways to reach somebody, replaced by a word that says so."""
    spans = sorted([(begin, end) for begin, end in places] + list(_ways_in(text)))
    mark, shown, at = _("[covered]"), "", 0
    for begin, end in spans:
        if begin >= at:
            shown += text[at:begin] + mark
        at = max(at, end)
    return shown + text[at:]


def _ways_in(text: str) -> Iterator[tuple[int, int]]:
    for found in _WAYS.finditer(text):
        if found["number"] is None or _is_number(found["number"]):
            yield found.span()


def _is_number(text: str) -> bool:
    """Whether digits are a number to call or a document, and no date: dates tell how urgent it is."""
    return sum(sign.isdigit() for sign in text) >= FEWEST_DIGITS and not _DAY.fullmatch(text.strip())


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A word as written, by its letters alone, and as a name is compared. Read once: a text has many words."""

    written: str
    folded: str
    names: tuple[names.Word, ...]

    @classmethod
    def of(cls, word: str) -> Self:
        return cls(word, _folded(word), tuple(names.words_of(word)))


def _words(name: str) -> Iterator[str]:
    return (found[0] for found in _WORD.finditer(name) if len(_folded(found[0])) > 1)


def _folded(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in letters if sign.isalnum())


def _is_same(word: _Spelled, name: _Spelled) -> bool:
    one, other = word.folded, name.folded
    if len(other) < LONG:
        return one == other and (word.written[0].isupper() or not word.written[0].islower())
    if one.startswith(other):
        return True
    if not other.isascii() and one.endswith(other) and len(one) - len(other) <= MOST_PREFIX:
        return True
    return any(
        len(mine.skeleton) >= 3 and mine.skeleton == theirs.skeleton and names.word_likeness(mine, theirs) >= ALIKE
        for mine in word.names
        for theirs in name.names
    )
