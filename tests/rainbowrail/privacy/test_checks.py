"""A model that says too little, too much or something untrue about its fields is told so."""

from typing import Any

import pytest
from django.db import models

from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedTextField
from rainbowrail.privacy.checks import complaints_about, every_field_is_classified
from rainbowrail.privacy.classification import SENTENCES, PrivacyClass

CLEAR, SEALED = PrivacyClass.CLEAR, PrivacyClass.SEALED


class Letter(models.Model):
    subject = models.CharField(max_length=10)
    words = models.TextField()
    secret = EncryptedTextField(seal_id="privacy_test.secret.v1", compartment=Compartment.CASEWORK, max_chars=10)

    class Meta:
        app_label = "privacy_tests"
        managed = False

    def __str__(self) -> str:
        return "a letter"


RIGHT = {"id": CLEAR, "subject": CLEAR, "words": CLEAR, "secret": SEALED}


def about(monkeypatch: pytest.MonkeyPatch, fields: dict[str, Any] | None, **more: Any) -> list[str | None]:
    statement = None if fields is None else type("Privacy", (), {"fields": fields, "bounded": {"words": "why"}, **more})
    monkeypatch.setattr(Letter, "Privacy", statement, raising=False)
    return [complaint.id for complaint in complaints_about(Letter)]


def test_a_true_and_whole_statement_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    assert about(monkeypatch, RIGHT) == []


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        (None, "privacy.E001"),
        ({key: RIGHT[key] for key in ("id", "words", "secret")}, "privacy.E002"),
        ({**RIGHT, "body": CLEAR}, "privacy.E003"),
        ({**RIGHT, "subject": "private-ish"}, "privacy.E004"),
        ({**RIGHT, "secret": CLEAR}, "privacy.E005"),
        ({**RIGHT, "subject": SEALED}, "privacy.E006"),
    ],
)
def test_anything_else_is_told(monkeypatch: pytest.MonkeyPatch, fields: dict[str, Any] | None, complaint: str) -> None:
    assert about(monkeypatch, fields) == [complaint]


def test_a_readable_column_that_could_hold_a_story_must_say_why_it_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    assert about(monkeypatch, RIGHT, bounded={}) == ["privacy.E007"]


def test_words_instead_of_the_enum_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert about(monkeypatch, {key: str(value) for key, value in RIGHT.items()}) == []


def test_the_whole_project_is_classified() -> None:
    assert every_field_is_classified() == []


def test_every_class_is_explained() -> None:
    assert set(SENTENCES) == set(PrivacyClass)
