"""Our template pack: every control has a name, a description and, when something is wrong, a way from the summary to it."""

import re

import pytest
from django.template import Context, Template

from rainbowrail.web.gallery import ExampleForm

LONG = "a" * 5012


def drawn(form: ExampleForm) -> str:
    return Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form}))


@pytest.fixture
def empty() -> str:
    return drawn(ExampleForm())


@pytest.fixture
def wrong() -> str:
    return drawn(ExampleForm({"words": LONG, "danger": "9"}))


def control(html: str, id_: str) -> str:
    """Return the opening tag of the control with this id."""
    found = re.search(rf'<(?:input|select|textarea)[^>]*\sid="{id_}"[^>]*>', html)
    assert found, f"no control {id_}"
    return found.group()


def ids(html: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', html)


def test_every_control_has_a_label(empty: str) -> None:
    for found in re.finditer(r'<(?:input|select|textarea)[^>]*\sid="([^"]+)"', empty):
        assert f'for="{found.group(1)}"' in empty


def test_choices_stand_in_a_fieldset_with_a_legend(empty: str) -> None:
    radios = re.search(
        r"<fieldset(?:(?!</fieldset>).)*How safe do you feel today\?(?:(?!</fieldset>).)*</fieldset>", empty, re.DOTALL
    )

    assert radios
    assert "<legend" in radios.group()
    assert radios.group().count('type="radio"') == 3
    assert 'aria-describedby="id_danger_helptext"' in radios.group()


def test_a_hint_describes_its_control(empty: str) -> None:
    assert 'aria-describedby="id_called_helptext"' in control(empty, "id_called")
    assert 'id="id_called_helptext"' in empty


def test_a_long_answer_says_how_much_fits_and_the_browser_cuts_nothing_off(empty: str) -> None:
    assert "Up to 5,000 characters." in empty
    assert "id_words_count" in control(empty, "id_words")
    assert "maxlength" not in empty


def test_a_form_without_errors_has_no_summary(empty: str) -> None:
    assert 'role="alert"' not in empty
    assert "aria-invalid" not in empty


def test_the_error_summary_leads_to_each_control(wrong: str) -> None:
    summary = wrong[wrong.index('role="alert"') : wrong.index("</ul>")]
    targets = re.findall(r'href="#([^"]+)"', summary)

    assert targets == ["id_called", "id_country", "id_danger_0", "id_words", "id_agreed"]
    assert set(targets) <= set(ids(wrong))
    assert "What may we call you? – " in summary


def test_an_error_stands_at_its_control_and_describes_it(wrong: str) -> None:
    assert 'aria-invalid="true"' in control(wrong, "id_words")
    assert "id_words_error" in control(wrong, "id_words")
    assert "You wrote 5,012 characters; 5,000 fit." in wrong


def test_what_was_typed_comes_back_whole(wrong: str) -> None:
    assert LONG in wrong


def test_no_id_is_used_twice(wrong: str) -> None:
    assert len(ids(wrong)) == len(set(ids(wrong)))


def test_text_reads_from_its_own_side(empty: str) -> None:
    assert 'dir="auto"' in control(empty, "id_called")
    assert 'dir="auto"' in control(empty, "id_words")
    assert 'dir="auto"' not in control(empty, "id_day")


def test_the_page_writes_the_form_tag_and_the_token(empty: str) -> None:
    assert "<form" not in empty
    assert "csrfmiddlewaretoken" not in empty
