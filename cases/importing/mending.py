"""Files that leave us: the empty template, and the rows to mend. A spreadsheet that opens them finds no formula."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from cases.importing.columns import ERRORS, NAMES, CheckedRow
from rainbowrail.formats.spreadsheets import harmless


def template() -> str:
    """Return a CSV file with the columns and no row."""
    return _written([list(NAMES)])


def to_mend(rows: Iterable[CheckedRow]) -> str:
    """Return the rows with errors as they were given, with what is wrong with each in a last column."""
    bad = [row for row in rows if not row.is_good]
    names = [*dict.fromkeys(name for row in bad for name in row.given if name and name != ERRORS)]
    lines: list[list[str]] = [[*(harmless(name) for name in names), ERRORS]]
    for row in bad:
        said = " / ".join(f"{error.name}: {error.words}" if error.name else error.words for error in row.errors)
        lines.append([*(_cell(row.given.get(name)) for name in names), harmless(said)])
    return _written(lines)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return harmless(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _written(lines: list[list[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    # The mark at the beginning tells a spreadsheet that this is UTF-8. Half characters have no bytes.
    return "\ufeff" + out.getvalue().encode("utf-8", "replace").decode()
