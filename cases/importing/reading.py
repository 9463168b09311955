"""From the bytes of a file to its rows, whatever program wrote it: CSV with any usual separator, or JSON; UTF-8 or UTF-16."""

import codecs
import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
SEPARATORS = ",;\t|"
MOST_COLUMNS = 200

type Row = dict[str, Any]


class UnreadableFile(Exception):
    """The file as a whole cannot be read; its text is a sentence for the screen that repeats nothing of the file."""


def rows_of(raw: bytes) -> list[tuple[int, Row]]:
    """Return (number, row): the number is that of the line for CSV, of the object for JSON, both counted from 1.

    Raises UnreadableFile.
    """
    if len(raw) > MOST_BYTES:
        raise UnreadableFile(_("The file is larger than %(size)s MB. Cut it into several.") % {"size": MOST_BYTES // 2**20})
    text = _text_of(raw)
    if not text.strip():
        raise UnreadableFile(_("The file is empty."))
    rows = list(_json(text) if text.lstrip()[:1] in "[{" else _csv(text))
    if not rows:
        raise UnreadableFile(_("The file has no rows."))
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(_("The file has more than %(count)s rows. Cut it into several.") % {"count": MOST_ROWS})
    return rows


def _text_of(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif raw[1:2] == b"\0" or raw[:1] == b"\0":
        encoding = "utf-16-le" if raw[1:2] == b"\0" else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        pass
    raise UnreadableFile(_("The file is neither UTF-8 nor UTF-16. In a spreadsheet, save it as “CSV UTF-8”."))


def _csv(text: str) -> Iterator[tuple[int, Row]]:
    head = text.partition("\n")[0]
    if head.lower().startswith("sep=") and len(head.strip()) == 5:  # how some spreadsheets name the separator
        separator, text = head.strip()[-1], text.partition("\n")[2]
        head, before = text.partition("\n")[0], 1
    else:
        separator, before = max(SEPARATORS, key=head.count), 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    problem = ""
    try:
        names = [name.strip().lower() for name in next(reader)]
        _check_names(names)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num + before, _named(names, cells)
    except csv.Error:
        problem = _("Line %(line)s cannot be read: a quotation mark may be missing.") % {"line": reader.line_num + before}
    if problem:
        raise UnreadableFile(problem)


def _check_names(names: list[str]) -> None:
    given = [name for name in names if name]
    if len(given) > MOST_COLUMNS:
        raise UnreadableFile(_("The first line has too many columns."))
    if len(set(given)) < len(given):
        raise UnreadableFile(_("The first line names a column twice."))


def _named(names: list[str], cells: list[str]) -> Row:
    """Return a row by the names of its columns; cells beyond the last name stand under ''."""
    row: Row = {name: _plain(cell) for name, cell in zip(names, cells, strict=False) if name}
    beyond = [cell for cell in cells[len(names) :] if cell.strip()]
    return row | ({"": beyond} if beyond else {})


def _plain(cell: str) -> str:
    """Take away the apostrophe that keeps a spreadsheet from reading a cell as a formula."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t\r" else cell


def _json(text: str) -> Iterator[tuple[int, Row]]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict):
        told = told.get("requests")
    if not isinstance(told, list) or not all(isinstance(row, dict) for row in told):
        raise UnreadableFile(_("The file is no JSON list of requests. Look at the template."))
    for number, row in enumerate(told, start=1):
        yield number, {str(name).strip().lower(): value for name, value in row.items()}
