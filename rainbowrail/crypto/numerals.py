"""Digits as people write them: which numerals a language shows, and any numerals back to 0–9.

Source of the table: Unicode CLDR 47, `defaultNumberingSystem` per language. Urdu, Hindi and Amharic default to 0–9 there.
"""

import unicodedata

ARABIC_INDIC = "٠١٢٣٤٥٦٧٨٩"
EXTENDED_ARABIC_INDIC = "۰۱۲۳۴۵۶۷۸۹"
BENGALI = "০১২৩৪৫৬৭৮৯"
DEVANAGARI = "०१२३४५६७८९"
MYANMAR = "၀၁၂၃၄၅၆၇၈၉"

# Their names in Unicode (BCP 47, `nu`), by which browsers know them.
SYSTEMS = {
    ARABIC_INDIC: "arab",
    EXTENDED_ARABIC_INDIC: "arabext",
    BENGALI: "beng",
    DEVANAGARI: "deva",
    MYANMAR: "mymr",
}

NUMERALS = {
    "ar": ARABIC_INDIC,
    "ckb": ARABIC_INDIC,
    "sd": ARABIC_INDIC,
    "fa": EXTENDED_ARABIC_INDIC,
    "prs": EXTENDED_ARABIC_INDIC,
    "ps": EXTENDED_ARABIC_INDIC,
    "as": BENGALI,
    "bn": BENGALI,
    "mr": DEVANAGARI,
    "ne": DEVANAGARI,
    "my": MYANMAR,
}


def in_numerals_of(digits: str, language: str) -> str:
    """Return ASCII digits in the numerals of a language (`ar`, `fa-AF`, …); others show 0–9. Anything else in the text
    stays."""
    numerals = _numerals_of(language)
    return digits.translate({ord("0") + value: numeral for value, numeral in enumerate(numerals)}) if numerals else digits


def numbering_system_of(language: str) -> str:
    """Return the Unicode name of the numerals that a language shows; `latn` for 0–9."""
    return SYSTEMS.get(_numerals_of(language) or "", "latn")


def _numerals_of(language: str) -> str | None:
    return NUMERALS.get(language.lower().replace("_", "-").split("-")[0])


def to_ascii(character: str) -> str | None:
    """Return 0–9 for a decimal digit of any script, also fullwidth ones; None for any other character."""
    value = unicodedata.decimal(character, None)
    return None if value is None else str(value)
