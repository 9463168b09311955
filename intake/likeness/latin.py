"""Names of every script in small Latin letters. Pure.

`anyascii` (ISC; tables of 2023) reads Cyrillic, Ethiopic, Greek, Georgian, Armenian and the rest letter by letter. Arabic
script has a table here, because letter by letter it loses what a name needs: the article is parted from its word, the ending
that is written and not spoken goes, and letters that only Persian, Urdu, Pashto or Kurdish use are read with the others. Source
of the values: ALA-LC romanisation tables for Arabic, Persian, Urdu and Pashto (Library of Congress, 2012/2013), without their
marks. Short vowels are not written in Arabic script; `intake.likeness.names` compares by consonants for that reason.
"""

import re
import unicodedata

from anyascii import anyascii

ARABIC = {
    "ا": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z",
    "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ق": "q", "ك": "k",
    "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w", "ي": "y", "ى": "y", "ة": "a", "ء": "",
    "پ": "p", "چ": "ch", "ژ": "zh", "گ": "g", "ک": "k", "ی": "y",  # Persian
    "ٹ": "t", "ڈ": "d", "ڑ": "r", "ں": "n", "ھ": "h", "ہ": "h", "ۃ": "a", "ے": "y", "ۓ": "y",  # Urdu
    "ټ": "t", "ډ": "d", "ړ": "r", "ږ": "zh", "ښ": "kh", "ځ": "dz", "څ": "ts", "ڼ": "n", "ې": "y", "ۍ": "y", "ګ": "g",  # Pashto
    "ڤ": "v", "ۆ": "o", "ێ": "e", "ە": "e", "ڕ": "r", "ڵ": "l", "ڭ": "ng", "ۇ": "u", "ۈ": "u", "ۋ": "v",  # Kurdish, Uyghur
}  # fmt: skip
# Four letters are spoken otherwise from Iran to India; a name written with one of their own letters is read so.
EASTERN = ARABIC | {"ث": "s", "ذ": "z", "ض": "z", "ظ": "z"}
_EASTERN_LETTERS = frozenset("پچژگکیٹڈڑںھہےټډړږښځڅڼېۍ")
_ARABIC_WORD = re.compile(r"[\u0600-\u06ff]+")
_STRETCH = "ـ"  # tatweel: makes a word longer and changes nothing
_ARTICLE = "ال"
_SERVANT = "عبد"  # the first half of Abd al-Rahman, Abdullah, …; often written as one word with the second
# Marks that stand inside a word: apostrophes of all kinds, and what transliterations use for glottal stops.
_INSIDE = re.compile(r"['`´’‘ʼʾʿʻ′\"·]")
_NO_LETTER = re.compile(r"[^a-z-]+")


def to_latin(text: str) -> str:
    """Return words of a-z and hyphens, parted by single spaces; empty for text without letters. Never raises."""
    letters = "".join(_kept(sign) for sign in unicodedata.normalize("NFKD", _INSIDE.sub("", text.casefold())))
    is_eastern = not _EASTERN_LETTERS.isdisjoint(letters)
    latin = anyascii(_ARABIC_WORD.sub(lambda found: _from_arabic(found[0], is_eastern=is_eastern), letters)).lower()
    return " ".join(_NO_LETTER.sub(" ", _INSIDE.sub("", latin)).split())


def is_without_vowels(text: str) -> bool:
    """Say whether a script that leaves short vowels out (Hebrew, Arabic, Syriac) stands in the text."""
    return any("\u0590" <= sign <= "\u074f" or "\ufb1d" <= sign <= "\ufeff" for sign in text)


def _kept(sign: str) -> str:
    """Return a letter as it is, nothing for a mark that sits on one, and a space for what parts words."""
    kind = unicodedata.category(sign)
    if kind[0] == "M" or kind == "Cf" or sign == _STRETCH:
        return ""
    return sign if kind[0] == "L" or sign == "-" else " "


def _from_arabic(word: str, *, is_eastern: bool) -> str:
    before = ""
    if word.startswith(_SERVANT + _ARTICLE) and len(word) > len(_SERVANT + _ARTICLE) + 1:
        before, word = "abd ", word.removeprefix(_SERVANT)
    if word.startswith(_ARTICLE) and len(word) > len(_ARTICLE) + 1:
        word = word.removeprefix(_ARTICLE)
    return before + _letters(word, is_eastern=is_eastern)


def _letters(word: str, *, is_eastern: bool) -> str:
    table = EASTERN if is_eastern else ARABIC
    return "".join(table.get(letter, letter) for letter in word)
