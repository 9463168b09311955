"""Every field classified once; what is sealed is really sealed; what stays readable cannot hold a story."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.db import models

from rainbowrail.privacy.classification import PrivacyClass
from rainbowrail.privacy.inventory import concrete_fields, is_encrypted, stated, stored_models

READABLE = (PrivacyClass.CLEAR, PrivacyClass.REFERENCE, PrivacyClass.STAFF)
# A readable column of these kinds could hold anything a person writes; its model must say in `bounded` why it cannot.
FREE = (models.TextField, models.JSONField, models.BinaryField)


def every_field_is_classified(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """The Django check over every installed model."""
    chosen = None if app_configs is None else {config.label for config in app_configs}
    found = [model for model in stored_models() if chosen is None or model._meta.app_label in chosen]
    return [complaint for model in found for complaint in complaints_about(model)]


def complaints_about(model: type[models.Model]) -> Iterator[CheckMessage]:
    """Yield what is wrong with the privacy statement of one model."""
    classes = stated(model)
    if not classes:
        yield Error(f"{model._meta.label} does not say how private its fields are.", hint=HINT, obj=model, id="privacy.E001")
        return
    fields = {field.name: field for field in concrete_fields(model)}
    for name in fields.keys() - classes.keys():
        yield Error(f"{model._meta.label}.{name} has no privacy class.", hint=HINT, obj=model, id="privacy.E002")
    for name in classes.keys() - fields.keys():
        yield Error(f"{model._meta.label} classifies {name!r}, which is not one of its columns.", obj=model, id="privacy.E003")
    for name in classes.keys() & fields.keys():
        yield from _about_field(model, fields[name], classes[name])


def _about_field(model: type[models.Model], field: "models.Field[Any, Any]", given: str) -> Iterator[CheckMessage]:
    where = f"{model._meta.label}.{field.name}"
    try:
        privacy = PrivacyClass(given)
    except ValueError:
        yield Error(f"{where} is {given!r}; it must be one of {', '.join(PrivacyClass)}.", obj=model, id="privacy.E004")
        return
    sealed = privacy is PrivacyClass.SEALED
    if is_encrypted(field) and not sealed:
        yield Error(f"{where} is an encrypted field, so its class is SEALED.", obj=model, id="privacy.E005")
    if sealed and not is_encrypted(field) and not isinstance(field, models.BinaryField):
        yield Error(f"{where} is SEALED; use an encrypted field, or bytes sealed as a whole.", obj=model, id="privacy.E006")
    if privacy in READABLE and isinstance(field, FREE) and not is_encrypted(field) and not _is_bounded(model, field.name):
        hint = "Seal it, give it a bounded type, or say in Privacy.bounded = {field: why} what keeps it harmless."
        yield Error(f"{where} stays readable and could hold anything.", hint=hint, obj=model, id="privacy.E007")


def _is_bounded(model: type[models.Model], name: str) -> bool:
    """Whether the model says why this column cannot hold a story. Tables of third parties were looked at one by one."""
    statement = getattr(model, "Privacy", None)
    return statement is None or name in getattr(statement, "bounded", {})


HINT = (
    "Give the model a class Privacy with fields = {name: PrivacyClass…}; rainbowrail/privacy/classification.py explains each."
)
