"""What every form of both doors does with what was typed."""

import pytest
from django import forms
from django.http import QueryDict
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from rainbowrail.web.forms import PageForm, clean_text


class Story(PageForm):
    words = forms.CharField(max_length=5000, required=False, widget=forms.Textarea)
    tags = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], required=False)


def test_what_cannot_be_stored_is_left_out() -> None:
    assert clean_text("a\x00b\x07c\x1bd\x85e") == "abcde"


def test_half_characters_are_left_out() -> None:
    assert clean_text("Bo\ud83d!") == "Bo!"


def test_marks_that_turn_the_reading_direction_are_left_out() -> None:
    assert clean_text("safe \u202eton\u202c \u2066now\u2069") == "safe ton now"


def test_joiners_that_persian_and_arabic_need_stay() -> None:
    assert clean_text("می\u200cخواهم \u200fسلام") == "می\u200cخواهم \u200fسلام"


def test_letters_are_composed_and_line_ends_are_one() -> None:
    assert clean_text("Zoe\u0308\r\nb\rc") == "Zoë\nb\nc"


@given(st.text())
def test_cleaning_twice_changes_nothing_and_can_always_be_stored(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert "\x00" not in once
    once.encode()


def test_a_text_that_is_too_long_is_counted_in_a_sentence() -> None:
    form = Story({"words": "x" * 5312})
    assert form.errors["words"] == ["You wrote 5,312 characters; 5,000 fit."]


def test_the_count_speaks_the_numbers_of_the_language() -> None:
    with translation.override("fr"):
        (sentence,) = Story({"words": "x" * 5312}).errors["words"]
    assert "5,312" not in sentence
    assert "5" in sentence and "312" in sentence


def test_a_browser_is_asked_to_keep_nothing_that_was_typed() -> None:
    form = Story()
    form.fields["name_on_documents"] = forms.CharField()
    form.fields["asked_for"] = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}))
    assert 'autocomplete="off"' in str(form["words"])
    assert 'autocomplete="off"' in str(form["name_on_documents"]), "also in a field that the form got later"
    assert 'autocomplete="one-time-code"' in str(form["asked_for"])


def test_a_text_of_exactly_the_limit_fits() -> None:
    assert Story({"words": "x" * 5000}).is_valid()


def test_the_browser_is_not_told_to_cut_long_text() -> None:
    assert "maxlength" not in str(Story()["words"])


def test_several_answers_under_one_name_stay_several() -> None:
    form = Story(QueryDict("tags=a&tags=b&words=%00hi"))
    assert form.is_valid()
    assert form.cleaned_data == {"words": "hi", "tags": ["a", "b"]}


def test_what_was_typed_is_shown_again_after_an_error() -> None:
    form = Story({"words": "y" * 5001})
    assert not form.is_valid()
    assert "y" * 5001 in str(form["words"])


@pytest.mark.parametrize("data", [None, {}])
def test_a_form_that_was_not_sent_is_told_from_an_empty_one(data: dict[str, str] | None) -> None:
    assert Story(data).is_bound is (data is not None)
