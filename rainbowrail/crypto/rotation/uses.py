"""What still names a key: the proof of zero counts it, in every table of every app."""

from django.db import models

from rainbowrail.crypto.models import IntakeKey, StoreKey

type KeyRow = IntakeKey | StoreKey


def referring(key: type[KeyRow]) -> list[models.ForeignKey[models.Model, models.Model]]:
    """Return every foreign key to this kind of key, also those without a name on this side."""
    return [
        relation.field
        for relation in key._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ForeignObjectRel) and isinstance(relation.field, models.ForeignKey)
    ]


def count(row: KeyRow) -> int:
    """Return how many boxes or wraps name this key; one query a table."""
    return sum(field.model._default_manager.filter(**{field.name: row.pk}).count() for field in referring(type(row)))
