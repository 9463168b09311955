"""The pieces of every page: what they say, what they never say, and that they need nothing that may be missing."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.urls import reverse
from django.utils import translation

from rainbowrail.web import gallery
from tests.clients import PUBLIC_URLS, STAFF_URLS

TEMPLATES = Path(settings.BASE_DIR) / "templates"
ERRORS = [400, 403, 404, 405, 409, 413, 500, 503]
# Routed under `components:`, and no pieces of other pages.
PAGES = ("gallery.html", "shortcuts_page.html")


def drawn(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def squeezed(html: str) -> str:
    return re.sub(r"\s+", " ", html)


@pytest.mark.parametrize(("band", "word"), [(0, "Emergency"), (1, "Urgent"), (2, "Elevated"), (3, "Normal")])
def test_a_band_is_a_word_and_strokes_and_not_a_colour_alone(band: int, word: str) -> None:
    html = drawn('{% include "components/band.html" %}', band=band)

    assert word in html
    strokes_off = html.count("band__strokes--off")
    assert strokes_off == band


def test_the_return_code_stands_in_five_groups_from_left_to_right() -> None:
    html = drawn('{% include "components/return_code.html" %}', shown="48213 90577 16604 83912 55038")

    assert html.count('class="code__group"') == 5
    assert 'dir="ltr"' in html
    assert 'translate="no"' in html


def test_a_length_drawn_in_a_language_with_decimal_commas_stays_readable_to_the_browser() -> None:
    with translation.override("fr"):
        html = drawn('{% include "components/score.html" %}', score=60.1)

    assert "60,1</span>" in html
    assert 'width="60.1"' in html


def test_an_unanswered_question_is_said_to_be_unanswered() -> None:
    rows = [gallery.Row("Who is with you?", "", "/who"), gallery.Row("Where are you?", "Kenya", "/where")]

    html = squeezed(drawn('{% include "components/summary_list.html" %}', rows=rows))

    assert html.count("Not answered") == 1
    assert 'href="/where">Change<span class="visually-hidden">: Where are you?</span>' in html


def test_what_a_person_typed_is_escaped() -> None:
    html = drawn('{% include "components/message.html" with when="today" %}', text="<script>alert(1)</script>")

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_notice_keeps_the_markup_between_its_tags_and_escapes_its_title() -> None:
    html = drawn('{% notice "warn" title=title %}<p>Be careful.</p>{% endnotice %}', title="a < b")

    assert 'class="notice notice--warn"' in html
    assert "<p>Be careful.</p>" in html
    assert "a &lt; b" in html


def test_a_notice_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="info, warn, danger, good"):
        drawn('{% notice "purple" %}x{% endnotice %}')


def test_pages_without_neighbours_show_no_links() -> None:
    assert drawn('{% include "components/pagination.html" with previous_url="" next_url="" %}').strip() == ""


@pytest.mark.parametrize(("door", "sheet"), [(PUBLIC_URLS, "public"), (STAFF_URLS, "staff")])
@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_needs_no_request_and_no_list_of_hashed_files(
    status: int, door: str, sheet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On either door, in the dress of that door."""

    def broken(_name: str) -> str:
        raise ValueError("the manifest is missing")

    monkeypatch.setattr("django.contrib.staticfiles.storage.staticfiles_storage.url", broken)

    with override_settings(ROOT_URLCONF=door):
        html = render_to_string(f"errors/{status}.html", {"title": "It did not work", "sentence": "Please try again."})

    assert "<h1>It did not work</h1>" in html
    assert "Please try again." in html
    assert f"/static/css/{sheet}.css" in html


def test_a_form_that_was_refused_comes_back_with_what_was_typed() -> None:
    fields = [("words", 'She said "run"\nand I did'), ("danger", "4")]
    request = RequestFactory().get("/")

    html = render_to_string("errors/form_again.html", {"fields": fields, "action": "/step", "lost_files": False}, request)

    assert 'name="words" value="She said &quot;run&quot;\nand I did"' in html
    assert 'action="/step"' in html
    assert "csrfmiddlewaretoken" in html


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_a_page_says_its_language_and_direction(language: str, direction: str) -> None:
    with translation.override(language):
        html = render_to_string("layouts/public.html")

    assert f'<html lang="{language}" dir="{direction}">' in html


def test_the_public_layout_tells_a_passer_by_nothing() -> None:
    html = render_to_string("layouts/public.html")

    assert "<title>Form</title>" in html
    assert not re.search("rainbow|railroad|lgbt|refugee|asylum", html, re.IGNORECASE)


def test_pages_carry_no_inline_style_no_inline_script_and_nothing_from_other_hosts() -> None:
    offences = []
    for path in TEMPLATES.rglob("*.html"):
        source = path.read_text()
        for what in (r"\sstyle=", r"<style", r"\son[a-z]+=", r"<script(?![^>]*\ssrc=)", r"(src|href)=\"(https?:)?//", r"data:"):
            offences += [f"{path.name}: {found.group()}" for found in re.finditer(what, source)]

    assert offences == []


def test_every_component_says_at_its_top_what_it_takes() -> None:
    components = {path.name: path.read_text() for path in (TEMPLATES / "components").glob("[!_]*.html")}
    for page in PAGES:
        del components[page]

    assert [name for name, source in components.items() if not source.startswith("{% comment %}")] == []


def test_every_component_is_in_the_gallery() -> None:
    furniture = {
        *PAGES,
        "staff_header.html",
        "staff_menu.html",
        "leave_now.html",
        "language_link.html",
        "language_links.html",
        "translation_note.html",
        "messages.html",
        "shortcuts.html",
        "shortcut_list.html",
        "staff_language.html",
    }
    inside_others = {
        "panel.html": "{% panel",
        "filters.html": "{% filters",
        "error_summary.html": "{% crispy wrong_form",
        "bar_chart.html": "components/score.html",
        "warnings.html": "components/covered.html",
    }
    source = (TEMPLATES / "components" / "gallery.html").read_text()

    missing = [
        path.name
        for path in (TEMPLATES / "components").glob("[!_]*.html")
        if path.name not in furniture and inside_others.get(path.name, f"components/{path.name}") not in source
    ]

    assert missing == []


def test_the_gallery_draws_every_component_in_both_directions() -> None:
    request = RequestFactory().get("/")
    for language in ("en", "ar"):
        with translation.override(language):
            html = render_to_string("components/gallery.html", gallery.examples(), request)
        assert html.count("<h1") == html.count("</h1>")
        assert "{%" not in html
        assert "{{" not in html


def test_a_closed_page_shows_a_member_of_staff_the_pages_that_are_open() -> None:
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(is_authenticated=True, name="Fay", roles=["auditor"])  # type: ignore[assignment]

    html = render_to_string("errors/403.html", {"title": "Closed", "sentence": "Not for you."}, request)

    assert f'href="{reverse("audit:trail")}"' in html
    assert f'action="{reverse("account_logout")}"' in html
    assert "Fay" not in html
