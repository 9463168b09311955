"""Names as people write them, and how alike two of them are. Pure.

"Fátima Al-Sayed", "fatima elsayed" and "فاطمة السيد" are one name. Each word becomes a *skeleton*: its consonants, those that
languages exchange for one another taken together (sh, ch; g, j, zh; k, q, c; kh, h), doubled ones once, vowels only at the
beginning. Skeletons are coarse, so they find too much rather than too little; who finds compares with `likeness` afterwards.

    "Fátima Al-Sayed"   ->  ftm, sd      "Мухаммад Алиев"  ->  mhmd, al
    "محمد رضایی"        ->  mhmd, rd     "አበበ ቢቂላ"          ->  ab, bkl
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from intake.likeness.latin import is_without_vowels, to_latin

# A name of more words is read up to here; so many words are a text, not a name.
MOST_WORDS = 5
# Words that join names and name nobody: articles, "son of", "of". At the beginning they may be a name (Ben, Van), and stay.
ARTICLES = frozenset({"al", "el", "ul", "il", "ol"})
JOINING = frozenset(
    {"bin", "ben", "bn", "ibn", "bint", "bnt", "binti", "ould", "wa", "de", "da", "di", "do", "dos", "van", "von", "der"}
)
# The article before a letter that swallows its l, as in "ash-Shami" or "er-Rahman"; only with a hyphen is it sure.
_SWALLOWED = re.compile(r"\b[aeu](sh|[dlnrstz])-(?=\1)")
_ARTICLE_GROWN_ON = re.compile(r"^[ae]l(?=[^aeiouy-][a-z]{2,}$)")
_SERVANT = re.compile(r"^abd(?:[aeou]l|[aeou]([dnrstz])(?=\1))(?=[a-z]{3,}$)")
_SERVANT_ALONE = re.compile(r"^abd[aeou]?l?$")

_SOUNDS = (
    ("shch", "s"), ("sch", "s"), ("tch", "s"), ("dzh", "g"), ("dsh", "g"), ("ch", "s"), ("sh", "s"), ("kh", "h"), ("gh", "g"),
    ("zh", "g"), ("dj", "g"), ("th", "t"), ("dh", "d"), ("ph", "f"), ("ck", "k"), ("qu", "k"), ("q", "k"), ("x", "ks"),
    ("ce", "se"), ("ci", "si"), ("cy", "si"), ("c", "k"), ("j", "g"), ("v", "w"),
)  # fmt: skip
_SOUND = re.compile("|".join(sound for sound, _ in _SOUNDS))
_SOUND_OF = dict(_SOUNDS)
_VOWELS = re.compile(r"[aeiouyw]+")
_DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name. `sound` keeps its vowels, or what a script without vowels shows of them."""

    skeleton: str
    sound: str
    has_vowels: bool


def words_of(name: str) -> list[Word]:
    """Return the words of a name, in their order, each skeleton once; empty for text without letters. Never raises."""
    has_vowels = not is_without_vowels(name)
    found: dict[str, str] = {}
    for latin in _latin_words(to_latin(name)):
        sound = _DOUBLED.sub(r"\1", _SOUND.sub(lambda part: _SOUND_OF[part[0]], latin))
        found.setdefault(skeleton_of(sound), sound)
    return [Word(skeleton, sound, has_vowels) for skeleton, sound in list(found.items())[:MOST_WORDS]]


def skeleton_of(sound: str) -> str:
    """Return the consonants of a word, and "a" for a vowel at its beginning; never empty for a word of letters."""
    spoken = sound.removesuffix("h") or sound
    first = _VOWELS.match(spoken)
    begin = "" if first is None else first[0][0] if first[0][0] in "yw" else "a"
    return _DOUBLED.sub(r"\1", begin + _VOWELS.sub("", spoken))


def pieces_of(name: str) -> set[str]:
    """Return what is indexed of a name: the trigrams of each word; and, for each two words, the two together, and each with
    every trigram of the other.

    A word begins with ^ and ends with $, so that a beginning is not a middle. Most trigrams are too frequent to be kept
    (`blind_index.most_shared`); the pairs find "Fatima Sayed" although there are many Fatimas and many Sayeds, also when one
    of the two words was misheard (docs/decisions/0070 has the measure).
    """
    skeletons = [word.skeleton for word in words_of(name)]
    pieces = {piece for skeleton in skeletons for piece in _trigrams(skeleton)}
    for one, other in combinations(sorted(skeletons), 2):
        pieces.add(f"{one}+{other}")
        pieces |= {f"{one}&{piece}" for piece in _trigrams(other)} | {f"{other}&{piece}" for piece in _trigrams(one)}
    return pieces


def likeness(one: str, other: str) -> float:
    """Return from 0.0 to 1.0 how alike the words of the shorter name are to words of the longer, each to one at most."""
    fewer, more = sorted((words_of(one), words_of(other)), key=len)
    if not fewer:
        return 0.0
    left, total = list(more), 0.0
    for word in fewer:
        best = max(left, key=lambda rival: word_likeness(word, rival))
        total += word_likeness(word, best)
        left.remove(best)
    return total / len(fewer)


def word_likeness(one: Word, other: Word) -> float:
    """Return from 0.0 to 1.0 how alike two words are: by consonants; where both show their vowels, by these as well."""
    consonants = SequenceMatcher(None, f"^{one.skeleton}$", f"^{other.skeleton}$", autojunk=False).ratio()
    if not (one.has_vowels and other.has_vowels):
        return consonants
    return (consonants + SequenceMatcher(None, one.sound, other.sound, autojunk=False).ratio()) / 2


def _trigrams(skeleton: str) -> Iterator[str]:
    edged = f"^{skeleton}$"
    return (edged[start : start + 3] for start in range(len(edged) - 2))


def _latin_words(latin: str) -> Iterator[str]:
    """Yield the words that name somebody: without articles, and with what grew together parted."""
    words = _SWALLOWED.sub("", latin).replace("-", " ").split()
    kept = [word for place, word in enumerate(words) if word not in ARTICLES and (place == 0 or word not in JOINING)]
    for word in kept or words:
        if grown := _SERVANT.match(word):
            yield "abd"
            yield word[grown.end() :]
        elif _SERVANT_ALONE.match(word):
            yield "abd"
        else:
            yield _ARTICLE_GROWN_ON.sub("", word)
