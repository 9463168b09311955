"""Digits as people write them: which numerals a language shows, and any numerals back to 0–9.

Source of the table: Unicode CLDR 47, `defaultNumberingSystem` per language. Urdu, Hindi and Amharic default to 0–9 there.
"""

import unicodedata

ARABIC_INDIC = "٠١٢٣٤٥٦٧٨٩"
EXTENDED_ARABIC_INDIC = "۰۱۲۳۴۵۶۷۸۹"
BENGALI = "০১২৩৪৫৬৭৮৯"
DEVANAGARI = "०१२३४५६७८९"
MYANMAR = "၀၁၂၃၄၅၆၇၈၉"

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
    numerals = NUMERALS.get(language.lower().replace("_", "-").split("-")[0])
    return digits.translate({ord("0") + value: numeral for value, numeral in enumerate(numerals)}) if numerals else digits


def to_ascii(character: str) -> str | None:
    """Return 0–9 for a decimal digit of any script, also fullwidth ones; None for any other character."""
    value = unicodedata.decimal(character, None)
    return None if value is None else str(value)
