"""The gallery: every component in every state, with invented words, for whoever draws a page or reviews one.

It is no page for people who work here, so its samples are in English alone and it exists where `settings.GALLERY` says so.
"""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rainbowrail.web.doors import staff_page
from rainbowrail.web.forms import PageForm


class ExampleForm(PageForm):
    """One field of each kind."""

    marks_optional = True

    called = forms.CharField(
        label="What may we call you?", help_text="Any name you like. It need not be on a document.", max_length=80
    )
    country = forms.ChoiceField(
        label="Which country are you in now?", choices=[("", "Choose one"), ("KEN", "Kenya"), ("UGA", "Uganda")]
    )
    danger = forms.ChoiceField(
        label="How safe do you feel today?",
        help_text="We ask so that the right person reads this in time.",
        widget=forms.RadioSelect,
        choices=[("0", "Safe"), ("2", "Not sure"), ("4", "Someone may hurt me badly today or tomorrow")],
    )
    help_asked = forms.MultipleChoiceField(
        label="What would help most?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[
            ("shelter", "A safe place to sleep"),
            ("cash", "Money for food and rent"),
            ("legal", "Someone who knows the law"),
        ],
    )
    day = forms.DateField(
        label="When did it happen?", help_text="Roughly is fine.", required=False, widget=forms.DateInput({"type": "date"})
    )
    words = forms.CharField(label="In your own words", widget=forms.Textarea({"rows": 5}), max_length=5000, required=False)
    agreed = forms.BooleanField(label="I have written down the code.")


class ExampleFilter(PageForm):
    """What narrows a list, with one filter in force."""

    place = forms.ChoiceField(label="Place", required=False, choices=[("", "Any"), ("KEN", "Kenya")])


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the example of "check your answers"."""

    key: str
    value: str
    change_url: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the example timeline."""

    when: date
    what: str
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Factor:
    """One line of the example of what adds to a score."""

    label: str
    points: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands in the place of a hard text."""

    is_hard: bool
    warnings: tuple[str, ...] = ()
    is_marked: bool = False


def examples() -> dict[str, object]:
    """Return what the gallery shows; nothing of it is real."""
    wrong = ExampleForm({"words": "a" * 5012, "danger": "0"})
    wrong.is_valid()
    return {
        "filter_form": ExampleFilter({"place": "KEN"}),
        "empty_form": ExampleForm(auto_id="empty_%s"),
        "wrong_form": wrong,
        "rows": [
            Row("What may we call you?", "Ade", "#change"),
            Row("Which country are you in now?", "Kenya", "#change"),
            Row("What would help most?", "A safe place to sleep\nMoney for food and rent", "#change"),
            Row("Who is with you?", "", "#change"),
        ],
        "happenings": [
            Happening(date(2026, 11, 20), "Opened", "", ""),
            Happening(date(2026, 11, 20), "Taken", "Cleo", ""),
            Happening(date(2026, 11, 21), "Note", "Cleo", "Asked when the safe place ends. No answer yet."),
        ],
        "factors": [Factor("Threat", 4, 12.4), Factor("Deadlines", 3, 6.1), Factor("Needs", 1.5, 2), Factor("Exposure", 0, 0)],
        "reasons": [
            {"kind": "gate", "sentence": "Says someone may kill them, and that this person knows where they are."},
            {"kind": "floor", "sentence": "The place where they sleep ends in 5 days."},
            {"kind": "", "sentence": "The country they are in punishes people like them with up to 14 years of prison."},
        ],
        "covers": [Cover(is_hard=True, warnings=("violence", "loss of a child"), is_marked=True), Cover(is_hard=False)],
        "shown_code": "48213 90577 16604 83912 55038",
    }


@staff_page()
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    if not settings.GALLERY:
        raise Http404
    return render(request, "components/gallery.html", examples())
