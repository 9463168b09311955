"""What staff fill in: each form says its limits; the actions say no in sentences of their own."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.actions.moving import OWNERS
from cases.models import Case
from cases.models.assessment import ASSESSMENT_MAX_CHARS
from cases.models.case_move import REASON_MAX_CHARS
from cases.models.note import NOTE_MAX_CHARS
from cases.states import FOR_LOST_CODES, OPEN_STATES, STAFF_CLOSE_REASONS, CodeCheck, NextStep, Pathway, Verification
from cases.urgency.bands import Band
from intake.models.message import MESSAGE_MAX
from intake.states import Audience
from rainbowrail.accounts.models import User
from rainbowrail.countries import codes
from rainbowrail.web.forms import PageForm

PREFIX = "RR-"
ANY = [("", _("Any"))]
BAND_LABELS = {Band.EMERGENCY: _("Emergency"), Band.URGENT: _("Urgent"), Band.ELEVATED: _("Elevated"), Band.NORMAL: _("Normal")}


def long_text(label: Any, *, max_length: int, rows: int = 5, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=max_length, widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **kwargs
    )


class QueueFilter(PageForm):
    """What of the queue to show; it is in the address, so only clear words of the case stand here."""

    WHOSE = [
        ("", _("All")),
        ("mine", _("Mine")),
        ("unclaimed", _("Nobody’s yet")),
        ("overdue", _("Overdue")),
        ("waiting", _("Waiting for an answer")),
        ("closed", _("Closed")),
    ]

    whose = forms.ChoiceField(choices=WHOSE, required=False, widget=forms.HiddenInput)
    band = forms.ChoiceField(label=_("Band"), required=False)
    stage = forms.ChoiceField(
        label=_("Stage"), required=False, choices=[*ANY, *((state.value, state.label) for state in OPEN_STATES)]
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    language = forms.CharField(label=_("Language code"), required=False, max_length=12)
    reference = forms.CharField(label=_("Go to case"), required=False, max_length=14)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bands: list[tuple[str, Any]] = [(band.name.lower(), BAND_LABELS[band]) for band in Band]
        self.fields["band"].choices = [*ANY, *bands]  # type: ignore[attr-defined]
        self.fields["country"].choices = [*ANY, *codes.choices(get_language() or "en")]  # type: ignore[attr-defined]

    def clean_reference(self) -> str:
        """Return the reference as we write it; people type it small, and without the letters that all have."""
        typed: str = self.cleaned_data["reference"].strip().upper()
        return typed if typed.startswith(PREFIX) or not typed else PREFIX + typed


class SearchForm(PageForm):
    """Whom to look for. It is posted, never put into the address."""

    words = forms.CharField(
        label=_("Name, e-mail or number"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "dir": "auto", "autocomplete": "off", "spellcheck": "false"}),
    )


class NoteForm(PageForm):
    text = long_text(
        _("Note"), max_length=NOTE_MAX_CHARS, rows=3, help_text=_("Sealed; only those who may see the case can read it.")
    )


class ToWhomForm(PageForm):
    """Asks to whom it goes where two people have a code: the person, and who filed for them."""

    to = forms.TypedChoiceField(label=_("To whom"), coerce=Audience, widget=forms.RadioSelect)

    def __init__(self, *args: Any, audiences: Sequence[Audience] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(audience.value, audience.label) for audience in audiences]  # type: ignore[attr-defined]
        if len(audiences) < 2:
            del self.fields["to"]


class QuestionForm(ToWhomForm):
    """`once` marks this copy of the form: pressed twice, it writes one note."""

    once = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
    question = long_text(
        _("Question"),
        max_length=MESSAGE_MAX,
        help_text=_("Somebody else may see their screen. Write no names and no places, and ask one thing."),
    )


class MessageForm(ToWhomForm):
    text = long_text(
        _("Message"),
        max_length=MESSAGE_MAX,
        help_text=_("Somebody else may see their screen. Write no names and no places."),
    )


class ReasonForm(PageForm):
    """The reason for a move; whether it is needed, the move says."""

    reason = long_text(
        _("Reason"),
        max_length=REASON_MAX_CHARS,
        rows=3,
        help_text=_("Sealed with the case. Whoever reads it later should understand."),
    )

    def __init__(self, *args: Any, needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needed


class NewCodeForm(PageForm):
    """Who was recognised, and how. What is not enough to replace a lost code is not offered where somebody has one."""

    audience = forms.TypedChoiceField(label=_("Who needs a code"), coerce=Audience, widget=forms.RadioSelect)
    how = forms.TypedChoiceField(label=_("How you recognised them"), coerce=CodeCheck, widget=forms.RadioSelect)

    def __init__(self, *args: Any, have_code: Sequence[Audience], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = [audience for audience in Audience if audience is Audience.PERSON or audience in have_code]
        ways = list(FOR_LOST_CODES) if Audience.PERSON in have_code else [*FOR_LOST_CODES, CodeCheck.SAFE_CONTACT]
        self.fields["audience"].choices = [(one.value, one.label) for one in who]  # type: ignore[attr-defined]
        self.fields["how"].choices = [(one.value, one.label) for one in ways]  # type: ignore[attr-defined]
        if len(who) == 1:
            self.fields["audience"].initial = who[0].value


class CloseForm(ReasonForm):
    close_reason = forms.ChoiceField(
        label=_("Why it closes"),
        choices=[("", _("Choose one")), *((reason.value, reason.label) for reason in STAFF_CLOSE_REASONS)],
    )
    field_order = ["close_reason", "reason"]


class PostponeForm(ReasonForm):
    until = forms.DateField(label=_("Until which day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    field_order = ["until", "reason"]


class UrgencyForm(ReasonForm):
    band = forms.TypedChoiceField(
        label=_("How soon a person must act"),
        coerce=lambda value: Band(int(value)),
        choices=[(str(int(band)), BAND_LABELS[band]) for band in Band],
        widget=forms.RadioSelect,
    )
    field_order = ["band", "reason"]


class AssessmentForm(PageForm):
    verification = forms.ChoiceField(label=_("How sure are we of the account?"), choices=Verification, widget=forms.RadioSelect)
    pathways = forms.MultipleChoiceField(
        label=_("What could be done?"), choices=Pathway, required=False, widget=forms.CheckboxSelectMultiple
    )
    summary = long_text(_("What was found, and how"), max_length=ASSESSMENT_MAX_CHARS)


class NextStepForm(PageForm):
    step = forms.ChoiceField(label=_("What comes next"), choices=NextStep)
    on = forms.DateField(label=_("By which day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    @classmethod
    def of(cls, case: Case) -> "NextStepForm":
        """Return the form filled with what stands, or with today when that day is over."""
        on = max(case.next_step_on or timezone.localdate(), timezone.localdate())
        return cls(initial={"step": case.next_step, "on": on})


class GiveForm(PageForm):
    to = forms.ModelChoiceField(label=_("Who shall own it"), queryset=User.objects.none(), empty_label=_("Choose somebody"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = User.objects.filter(is_active=True, roles__overlap=[str(role) for role in OWNERS]).order_by("name", "id")
        self.fields["to"].queryset = owners  # type: ignore[attr-defined]
