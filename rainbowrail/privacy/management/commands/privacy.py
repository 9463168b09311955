"""manage.py privacy: every column of the database, how private it is, how long it is kept and who may open it."""

from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from rainbowrail.crypto.compartments import Compartment
from rainbowrail.privacy import keeping, promise
from rainbowrail.privacy.classification import SENTENCES
from rainbowrail.privacy.inventory import Row, rows
from rainbowrail.privacy.retention import Kept, load

PAGE = Path("docs") / "privacy.md"
README = Path("README.md")


class Command(BaseCommand):
    help = "List every column with class, compartment, time it is kept and who may open it; write or check docs/privacy.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--markdown", action="store_true", help="print docs/privacy.md")
        what.add_argument("--write", action="store_true", help="write docs/privacy.md and the first promise of the README")
        what.add_argument("--check", action="store_true", help="fail when either says something else than the models")

    def handle(self, *args: Any, markdown: bool, write: bool, check: bool, **options: Any) -> None:
        listed = rows()
        if write or check:
            complaints = list(complaints_about(listed))
            if complaints:
                raise CommandError("\n".join(complaints))
            for path, text in wanted(listed, Path(settings.BASE_DIR)).items():
                if write:
                    path.write_text(text, encoding="utf-8")
                elif not path.exists() or path.read_text(encoding="utf-8") != text:
                    raise CommandError(f"{path.name} is out of date; run `manage.py privacy --write`.")
        else:
            self.stdout.write(as_markdown(listed) if markdown else as_text(listed))


def complaints_about(listed: list[Row]) -> Iterator[str]:
    """Yield what nobody has said yet, and what the README would leave out."""
    for row in listed:
        where = f"{row.table}.{row.column}"
        if not row.kept:
            yield f"{where}: nobody says how long it is kept; say it in LIVES of the app's retention.py."
        if not row.opens:
            yield f"{where}: nobody says who may open it; say it in OPENERS of the app's retention.py."
    for column in promise.uncovered(listed):
        yield f"{column} is readable and the README's first promise does not mention it: seal it, or say it in promise.py."
    for words in promise.unfounded(listed):
        yield f"The README's first promise names {words!r}, and no column tells it any more."


def wanted(listed: list[Row], folder: Path) -> dict[Path, str]:
    """Return the two files as they should be. Raises CommandError when the README has no first row to replace."""
    readme = (folder / README).read_text(encoding="utf-8")
    old = next((line for line in readme.splitlines() if line.startswith(f"| {promise.TAKEN} |")), None)
    if old is None:
        raise CommandError(f"README.md has no row that begins with | {promise.TAKEN} |")
    return {folder / PAGE: as_markdown(listed), folder / README: readme.replace(old, promise.first_row(listed))}


def as_text(listed: list[Row]) -> str:
    """Return one line a column: table, column, class, compartment, how long, who; then what each class means."""
    lines = [
        f"{row.table:<32} {row.column:<20} {row.privacy:<9} {row.compartment:<12} {row.kept:<60} {row.opens}".rstrip()
        for row in listed
    ]
    return "\n".join([*lines, "", *(f"{privacy:<10} {sentence}" for privacy, sentence in SENTENCES.items())])


def as_markdown(listed: list[Row]) -> str:
    """Return the page: what the classes mean, how long things are kept, who opens what, then every column."""
    policy = load()
    lines = [
        "# What is kept, how, for how long, and who may open it",
        "",
        "Written by `manage.py privacy --write` from the models; `make check` fails when it is out of date.",
        "",
        "| class | what it means for whoever holds a copy of the database and no key file |",
        "|---|---|",
        *(f"| {privacy} | {sentence} |" for privacy, sentence in SENTENCES.items()),
        "",
        f"Retention policy {policy.version} (`rainbowrail/privacy/retention.toml`):",
        "",
        "| line | kept | what |",
        "|---|---|---|",
        *(f"| {kept} | {policy.spans[kept]} | {policy.says[kept]} |" for kept in Kept),
        "",
        "| compartment | who may open it |",
        "|---|---|",
        *(f"| {compartment} | {keeping.opener_of(compartment)} |" for compartment in Compartment),
        "",
    ]
    for table, columns in groupby(listed, key=lambda row: row.table):
        lines += [f"## `{table}`", "", "| column | class | compartment | kept | may open or read |", "|---|---|---|---|---|"]
        lines += [f"| {row.column} | {row.privacy} | {row.compartment} | {row.kept} | {row.opens} |" for row in columns]
        lines.append("")
    return "\n".join(lines)
