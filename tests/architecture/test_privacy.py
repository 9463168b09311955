"""Every column of every table is classified; what is sealed is never empty nor found by value; the doors share no table."""

import pytest
from django.apps import apps
from django.db import connection, models

from rainbowrail.crypto import grants
from rainbowrail.crypto.errors import SealedFieldLookup
from rainbowrail.privacy.checks import complaints_about
from rainbowrail.privacy.inventory import concrete_fields, is_encrypted, rows, stored_models

MODELS = stored_models()
SEALED = [(model, field) for model in MODELS for field in concrete_fields(model) if is_encrypted(field)]

# Tables of these apps whose rows are about nobody, so that their order of arrival tells nothing: label and reason.
COUNTED: dict[str, str] = {
    "intake.CommonNumber": "numbers of the index, about nobody: in what order they became frequent",
    "cases.ImportedRow": "a keyed fingerprint of 128 bits, which tells neither moment nor order",
}


def ids(entry: object) -> str:
    return entry._meta.label if isinstance(entry, type) else getattr(entry, "name", str(entry))  # type: ignore[attr-defined]


@pytest.mark.parametrize("model", MODELS, ids=ids)
def test_every_field_states_its_class_once_and_truly(model: type[models.Model]) -> None:
    assert list(complaints_about(model)) == []


@pytest.mark.django_db
def test_every_column_of_the_database_is_in_the_inventory() -> None:
    listed = {(row.table, row.column) for row in rows()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
        present = {
            (table, column)
            for table, column in cursor.fetchall()
            if not table.startswith(("django_migrations", "lifecycle_tests"))
        }
    assert present == listed


def test_there_are_sealed_fields_to_speak_of() -> None:
    assert len(SEALED) >= 10
    assert {row.compartment for row in rows()} >= {"identity", "story", "conversation", "casework"}


@pytest.mark.parametrize(("model", "field"), SEALED, ids=ids)
def test_a_sealed_column_is_bytes_and_never_null(model: type[models.Model], field: models.Field) -> None:  # type: ignore[type-arg]
    assert not field.null
    assert field.db_type(connection) == "bytea"


@pytest.mark.parametrize(("model", "field"), SEALED, ids=ids)
def test_a_sealed_column_cannot_be_searched(model: type[models.Model], field: models.Field) -> None:  # type: ignore[type-arg]
    with pytest.raises(SealedFieldLookup):
        str(model._default_manager.filter(**{field.name: "x"}).query)


def test_no_two_sealed_columns_share_a_seal() -> None:
    seals = [field.seal_id for _, field in SEALED]  # type: ignore[attr-defined]
    assert len(seals) == len(set(seals))


def test_every_table_says_what_each_role_may_do() -> None:
    stated = grants.statements()
    assert {model._meta.db_table for model in MODELS} - set(stated) == set()
    assert [complaint for statement in stated.values() for complaint in statement.complaints()] == []


def test_no_table_of_the_public_door_points_at_a_table_of_the_staff() -> None:
    kernel = {"intake", "crypto"}
    for model in apps.get_app_config("intake").get_models():
        for field in concrete_fields(model):
            if field.remote_field is not None:
                target = field.remote_field.model._meta.app_label
                assert target in kernel, f"{model._meta.label}.{field.name} points at {target}"


def test_ids_of_anything_about_applicants_are_random() -> None:
    """A UUID7 or a counter would tell the moment or the order in which somebody asked for help."""
    for label in ("intake", "cases", "referrals"):
        for model in apps.get_app_config(label).get_models():
            key = model._meta.pk
            if model._meta.label in COUNTED or key is None or key.remote_field is not None:
                continue
            hint = "use uuid4, or name it in COUNTED with the reason"
            assert isinstance(key, models.UUIDField), f"{model._meta.label} has a {type(key).__name__} for its key; {hint}"
