"""The frozen list of seal ids, `seal_ids.txt`: what sealed columns are called inside their sealed bytes, for ever.

A seal id that changed would leave every stored value closed for good. So each stands in the file with its compartment; a test compares
the file with the models. A new column adds a line; a removed one moves its line under "no longer written", and its id is never used again.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db import models

from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import SealedField

FILE = Path(__file__).with_name("seal_ids.txt")
RETIRED = "# no longer written"


def columns(among: Iterable[type[models.Model]]) -> Iterator[tuple[str, Compartment, str]]:
    """Yield seal id, compartment and `app.Model.field` of each sealed column."""
    for model in among:
        for field in model._meta.local_concrete_fields:
            if isinstance(field, SealedField):
                yield field.seal_id, field.compartment, f"{model._meta.label}.{field.name}"


def frozen() -> dict[str, Compartment]:
    """Return the seal ids in use, as the file has them."""
    return _lines(FILE.read_text(encoding="utf-8").partition(RETIRED)[0])


def retired() -> dict[str, Compartment]:
    """Return the seal ids that must never be used again."""
    return _lines(FILE.read_text(encoding="utf-8").partition(RETIRED)[2])


def _lines(text: str) -> dict[str, Compartment]:
    pairs = (line.split() for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return {seal_id: Compartment(compartment) for seal_id, compartment in pairs}
