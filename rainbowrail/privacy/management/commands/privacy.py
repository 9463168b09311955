"""manage.py privacy: every column of the database with its class; as Markdown, the clear ones that the promise must name."""

from argparse import ArgumentParser
from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand

from rainbowrail.privacy.classification import SENTENCES, PrivacyClass
from rainbowrail.privacy.inventory import Row, rows

READABLE = (PrivacyClass.CLEAR, PrivacyClass.STAFF, PrivacyClass.REFERENCE)


class Command(BaseCommand):
    help = "List every column with its privacy class; with --markdown the readable ones, as a table for the README."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--markdown", action="store_true", help="only what stays readable, as a Markdown table")

    def handle(self, *args: Any, markdown: bool, **options: Any) -> None:
        self.stdout.write(as_markdown(rows()) if markdown else as_text(rows()))


def as_text(listed: list[Row]) -> str:
    """Return one line a column: table, column, class and compartment; then what each class means."""
    lines = [f"{row.table:<36} {row.column:<24} {row.privacy:<10} {row.compartment}".rstrip() for row in listed]
    return "\n".join([*lines, "", *(f"{privacy:<10} {sentence}" for privacy, sentence in SENTENCES.items())])


def as_markdown(listed: list[Row]) -> str:
    """Return a Markdown table: what a copy of the database, without keys, tells a reader."""
    readable = [row for row in listed if row.privacy in READABLE]
    lines = ["| table | readable columns |", "|---|---|"]
    for table, columns in groupby(readable, key=lambda row: row.table):
        lines.append(f"| `{table}` | {', '.join(row.column for row in columns)} |")
    return "\n".join(lines)
