"""Every template can be read by Django, speaks through translation, and carries nothing inline."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
PAGES = [name for name in TEMPLATES if not name.startswith(("layouts/", "components/", "django/", "rainbowrail/", "emails/"))]
# Templates that hand on markup which our own code made; each is looked at by a person.
MAY_SAY_SAFE: set[str] = set()
PROPER_NAMES = {"Rainbowrail", "SHA", "Aa"}  # the last is the sign for "languages", said in words beside it
GALLERY = "components/gallery.html"  # invented words, for those who draw pages

_COMMENT = re.compile(r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}|<!--.*?-->", re.DOTALL)
_TRANSLATED = re.compile(r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}", re.DOTALL)
_FOR_MACHINES = re.compile(r"\{%\s*block (?:body_class|icon)\s*%\}.*?\{%\s*endblock\s*%\}|<code\b[^>]*>.*?</code>", re.DOTALL)
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_HTML = re.compile(r"<[^>]*>")
_SPOKEN = re.compile(r"\b(?:alt|title|placeholder|aria-label)=\"([^\"]*)\"")


def source(name: str) -> str:
    return _COMMENT.sub("", (FOLDER / name).read_text())


def untranslated(text: str) -> list[str]:
    """Return the words of a template that no translator would ever see."""
    text = _TAG.sub(" ", _TRANSLATED.sub(" ", _FOR_MACHINES.sub(" ", text)))
    spoken = _SPOKEN.findall(text)
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"&\w+;", " ", _HTML.sub(" ", text)) + " " + " ".join(spoken))
    return [word for word in words if word not in PROPER_NAMES]


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_can_be_read(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_it_includes_and_extends_exists(name: str) -> None:
    for other in re.findall(r"\{%\s*(?:include|extends)\s+\"([^\"]+)\"", source(name)):
        get_template(other)


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name != GALLERY])
def test_every_word_can_be_translated(name: str) -> None:
    assert untranslated(source(name)) == []


def test_a_word_outside_translation_is_seen() -> None:
    assert untranslated('<p title="Hello">{% translate "Fine" %} {{ name }} wrong</p>') == ["wrong", "Hello"]


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(name: str) -> None:
    text = source(name)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text, re.IGNORECASE)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text)


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name not in MAY_SAY_SAFE])
def test_nothing_is_declared_safe(name: str) -> None:
    assert not re.search(r"\|\s*safe\b|autoescape\s+off", source(name))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_stands_in_a_layout_and_a_fragment_begins_with_an_underscore(name: str) -> None:
    extends = re.match(r"\s*\{%\s*extends\s+\"(layouts|errors|intake|cases|referrals)/", source(name))
    assert bool(extends) != Path(name).name.startswith("_")


@pytest.mark.parametrize("name", [name for name in TEMPLATES if re.match(r"components/[^_]", name) and name != GALLERY])
def test_a_component_says_what_it_takes(name: str) -> None:
    assert re.match(r"(\{% extends.*?%\}\s*)?\{% comment %\}.{20,}", (FOLDER / name).read_text(), re.DOTALL)


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name != GALLERY])
def test_a_form_that_changes_something_carries_its_token(name: str) -> None:
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", source(name), re.DOTALL):
        assert "csrf_token" in form
