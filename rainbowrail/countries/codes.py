"""Codes and names of countries and territories."""

import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
LANGUAGES = ("en", "fr", "es", "pt", "ar", "fa", "ur", "ru", "tr", "sw")
FALLBACK = "en"


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    names: Mapping[str, Mapping[str, str]] = json.loads((DATA / "names.json").read_text(encoding="utf-8"))
    return names


def alpha3_codes() -> tuple[str, ...]:
    """Return every code, in alphabetical order: ISO 3166-1 alpha-3, and XKX for Kosovo (user-assigned)."""
    return tuple(_names())


def is_code(text: object) -> bool:
    """Say whether `text` is one of the codes, in capitals as ISO writes them."""
    return isinstance(text, str) and text in _names()


@cache
def _alpha2() -> Mapping[str, str]:
    codes: Mapping[str, str] = json.loads((DATA / "alpha2.json").read_text(encoding="utf-8"))
    return codes


def alpha2(alpha3: str) -> str | None:
    """Return the two-letter code (ISO 3166-1 alpha-2; XK for Kosovo), or None for a code that is not listed."""
    return _alpha2().get(alpha3)


def name(alpha3: str, language: str = FALLBACK) -> str:
    """Return the name in a language, in English where we have no name in it. Raises KeyError for a code that is not listed."""
    names = _names()[alpha3]
    return names.get(language) or names.get(language.partition("-")[0]) or names[FALLBACK]


def choices(language: str = FALLBACK) -> list[tuple[str, str]]:
    """Return (code, name) pairs for a form, in the order of the names without their accents."""
    return sorted(((code, name(code, language)) for code in _names()), key=lambda pair: (_plain(pair[1]), pair[0]))


def _plain(text: str) -> str:
    """Return text without accents and case, so that Åland stands beside Albania and not after Zimbabwe."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))
