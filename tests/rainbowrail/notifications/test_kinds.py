"""Every kind of notice that any app registers: fixed words, neutral for applicants, drawn in every language."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.utils import translation

from rainbowrail.celery import app
from rainbowrail.notifications.kinds import Audience, NotificationKind, every_kind, kind_named

KINDS = every_kind()
# What a message on a shared phone must never say, in the words of any of our languages that use these letters.
TELLING = re.compile(
    r"rainbow|lgbt|queer|gay|lesbian|trans\b|refugee|réfugié|asylum|asile|persecut|urgent|danger|http|www\.|@", re.IGNORECASE
)


def templates_of(kind: NotificationKind) -> list[str]:
    return [name for name in (kind.subject_template, kind.text_template, kind.html_template) if name]


def named(kind: NotificationKind) -> str:
    return kind.name


def test_there_are_kinds_and_an_unknown_one_is_told_with_the_known() -> None:
    assert KINDS
    with pytest.raises(KeyError, match=KINDS[0].name):
        kind_named("nobody.told")


@pytest.mark.parametrize("kind", KINDS, ids=named)
def test_its_words_are_fixed(kind: NotificationKind) -> None:
    for name in templates_of(kind):
        source = Path(get_template(name).origin.name).read_text()
        assert set(re.findall(r"\{\{\s*([\w.]+)", source)) <= {"staff_url", "link"}
        assert not re.search(r"\{%\s*(include|url|if|for)\b", source)


@pytest.mark.parametrize("kind", KINDS, ids=named)
@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_its_words_give_nothing_away(kind: NotificationKind, language: str) -> None:
    with translation.override(language):
        words = [render_to_string(name, {"staff_url": "", "link": ""}) for name in templates_of(kind)]
    assert all(text.strip() for text in words)
    if kind.audience is Audience.APPLICANT:
        assert not [found for text in words for found in TELLING.findall(text)]


@pytest.mark.parametrize("kind", KINDS, ids=named)
def test_its_name_says_whose_it_is(kind: NotificationKind) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", kind.name)


def test_the_worker_knows_both_tasks() -> None:
    app.loader.import_default_modules()
    assert {"notifications.deliver", "notifications.sweep"} <= set(app.tasks)
