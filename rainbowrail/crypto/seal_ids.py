"""The frozen list of seal ids, `seal_ids.txt`: what sealed things are called inside their sealed bytes, for ever.

A seal id that changed would leave every stored value closed for good. So each stands in the file, a column with its
compartment, anything sealed by hand with the word for what opens it; tests compare the file with the models and with the
code. Something new adds a line; what is removed turns its word to `retired`, and its id is never used again.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db import models

from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import SealedField

FILE = Path(__file__).with_name("seal_ids.txt")
RETIRED = "retired"


def columns(among: Iterable[type[models.Model]]) -> Iterator[tuple[str, Compartment, str]]:
    """Yield seal id, compartment and `app.Model.field` of each sealed column."""
    for model in among:
        for field in model._meta.local_concrete_fields:
            if isinstance(field, SealedField):
                yield field.seal_id, field.compartment, f"{model._meta.label}.{field.name}"


def frozen() -> dict[str, str]:
    """Return every seal id of the file with its word. Raises ValueError when one stands there twice."""
    lines = [
        line.split() for line in FILE.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")
    ]
    found = {line[0]: line[1] for line in lines}
    if len(found) != len(lines):
        raise ValueError("seal_ids.txt has a seal id twice.")
    return found
