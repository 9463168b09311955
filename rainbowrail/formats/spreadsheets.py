"""Text for a table that a spreadsheet will open: no cell is computed, whoever typed it.

Spreadsheets look for the sign of a formula behind spaces of every kind, and in its full-width form too (OWASP, CSV injection,
read 2026-11).
"""

import unicodedata

_SIGNS = frozenset("=+-@|%")
_BREAKS = frozenset("\t\r\n\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029")


def harmless(cell: object) -> str:
    """Return the cell as text that no spreadsheet computes: with an apostrophe before it where one might. None is empty."""
    text = "" if cell is None else str(cell).replace("\0", "")
    return f"'{text}" if _might_compute(text) else text


def _might_compute(text: str) -> bool:
    """Whether a sign of a formula comes first, behind whatever is not seen; or whether it begins with a break of lines."""
    if text[:1] in _BREAKS:
        return True
    seen = next((char for char in text if not _is_unseen(char)), "")
    return unicodedata.normalize("NFKC", seen)[:1] in _SIGNS if seen else False


def _is_unseen(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Cf", "Cc", "Zs"}
