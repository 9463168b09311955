"""Walks the models and lists every column with its class: what `manage.py privacy` prints and the checks read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from rainbowrail.crypto import grants
from rainbowrail.privacy import keeping
from rainbowrail.privacy.classification import PrivacyClass
from rainbowrail.privacy.third_party import FIELDS


@dataclass(frozen=True, slots=True)
class Row:
    """One column. `compartment` is empty unless an encrypted field names one; `kept` and `opens` say in words how long it is
    kept and who may open or read it, and are empty when nobody said."""

    app: str
    model: str
    field: str
    table: str
    column: str
    privacy: PrivacyClass
    compartment: str
    kept: str = ""
    opens: str = ""


def rows() -> list[Row]:
    """Return every classified column of every installed model, by table and in the order of the model."""
    return sorted((row for model in stored_models() for row in _rows_of(model)), key=lambda row: row.table)


def stored_models() -> list[type[models.Model]]:
    """Return the models that have a table of their own, many-to-many tables included."""
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy]


def stated(model: type[models.Model]) -> Mapping[str, str]:
    """Return what a model, or the table of third parties, says about its fields: name to class, as written."""
    fields: Mapping[str, str] = getattr(getattr(model, "Privacy", None), "fields", None) or FIELDS.get(model._meta.label, {})
    return fields


def concrete_fields(model: type[models.Model]) -> list["models.Field[Any, Any]"]:
    return [field for field in model._meta.get_fields() if isinstance(field, models.Field) and field.concrete]


def compartment_of(field: "models.Field[Any, Any]") -> str:
    """Return the compartment of an encrypted field, or nothing for any other."""
    return str(getattr(field, "compartment", "")) if is_encrypted(field) else ""


def is_encrypted(field: "models.Field[Any, Any]") -> bool:
    """Whether the field seals its value itself: it names a seal id."""
    return bool(getattr(field, "seal_id", ""))


def _rows_of(model: type[models.Model]) -> Iterator[Row]:
    classes = stated(model)
    for field in concrete_fields(model):
        if field.name in classes and field.column:
            meta = model._meta
            yield Row(
                app=meta.app_label,
                model=meta.object_name or "",
                field=field.name,
                table=meta.db_table,
                column=field.column,
                privacy=PrivacyClass(classes[field.name]),
                compartment=compartment_of(field),
                kept=_kept(model, PrivacyClass(classes[field.name])),
                opens=_opens(model, field, PrivacyClass(classes[field.name])),
            )


def _kept(model: type[models.Model], privacy: PrivacyClass) -> str:
    life = keeping.life_of(model._meta.label)
    if life is None:
        return ""
    if life.ends is keeping.Ends.EMPTIES and privacy is not PrivacyClass.SEALED:
        return "to be counted"
    return str(life)


def _opens(model: type[models.Model], field: "models.Field[Any, Any]", privacy: PrivacyClass) -> str:
    match privacy:
        case PrivacyClass.SEALED:
            return keeping.opener_of(compartment_of(field) or f"{model._meta.label}.{field.name}")
        case PrivacyClass.KEY:
            return "whoever holds the key above it"
        case PrivacyClass.LOOKUP:
            return "nobody; it is only compared"
    statement = grants.statements().get(model._meta.db_table)
    if statement is None:
        return ""
    readers = {"public": grants.PUBLIC, "staff": grants.STAFF, "backup": grants.BACKUP}
    named = [name for name, role in readers.items() if "SELECT" in statement.grants.of(role)]
    own_row = "public" in named and bool(statement.policies)
    return "database role " + ", ".join("public (own row)" if name == "public" and own_row else name for name in named)
