"""What staff fill in: each form says its limits; the actions say no in sentences of their own."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.leaving import OWNERS, estates
from cases.models import Case
from cases.models.access_request import ACCESS_REASON_MAX_CHARS
from cases.models.assessment import ASSESSMENT_MAX_CHARS
from cases.models.case_move import REASON_MAX_CHARS
from cases.models.note import NOTE_MAX_CHARS
from cases.states import (
    FOR_LOST_CODES,
    OPEN_STATES,
    STAFF_CLOSE_REASONS,
    CodeCheck,
    DismissalWhy,
    HiddenWhy,
    NextStep,
    Pathway,
    Verification,
)
from cases.urgency.bands import Band
from intake.models.message import MESSAGE_MAX
from intake.states import Audience
from rainbowrail.accounts.models import Cover, User
from rainbowrail.countries import codes
from rainbowrail.roles import Role
from rainbowrail.web.forms import PageForm

PREFIX = "RR-"
ANY = [("", _("Any"))]
BAND_LABELS = {Band.EMERGENCY: _("Emergency"), Band.URGENT: _("Urgent"), Band.ELEVATED: _("Elevated"), Band.NORMAL: _("Normal")}


def long_text(label: Any, *, max_length: int, rows: int = 5, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=max_length, widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **kwargs
    )


def as_reference(typed: str) -> str:
    """Return a reference as we write it; people type it small, and without the letters that all have."""
    typed = typed.strip().upper()
    return typed if typed.startswith(PREFIX) or not typed else PREFIX + typed


def moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def owners() -> QuerySet[User]:
    """Return whom a case can be given to, by name."""
    return User.objects.filter(is_active=True, roles__overlap=[str(role) for role in OWNERS]).order_by("name", "id")


class DismissalForm(PageForm):
    """Why what did not open may be deleted; asked only where somebody asks for that."""

    why = forms.ChoiceField(label=_("Why"), choices=[("", _("Choose")), *DismissalWhy.choices], required=False)


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
        return as_reference(self.cleaned_data["reference"])


class SearchForm(PageForm):
    """Whom to look for. It is posted, never put into the address."""

    words = forms.CharField(
        label=_("Name, e-mail or number"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "dir": "auto", "autocomplete": "off", "spellcheck": "false"}),
    )


class NoteForm(PageForm):
    """`once` marks this copy of the form: pressed twice, it writes one note."""

    once = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
    text = long_text(
        _("Note"), max_length=NOTE_MAX_CHARS, rows=3, help_text=_("Sealed; only those who may see the case can read it.")
    )


class CoverForm(PageForm):
    cover = forms.ChoiceField(label=_("Before hard texts and pictures"), choices=Cover, widget=forms.RadioSelect)


class PassForm(PageForm):
    to = forms.ModelChoiceField(
        label=_("Who reads it"), queryset=User.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, readers: "QuerySet[User]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = readers  # type: ignore[attr-defined]


class FoundForm(PageForm):
    found = long_text(
        _("What your colleague needs to know"),
        max_length=NOTE_MAX_CHARS,
        help_text=_("It becomes a note of the case. Say what matters for the next step, and spare what does not."),
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
        self.fields["to"].queryset = owners()  # type: ignore[attr-defined]


class GiveToOfficerForm(PageForm):
    to = forms.ModelChoiceField(
        label=_("Who shall be its officer"), queryset=User.objects.none(), empty_label=_("Choose somebody")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = User.objects.with_role(Role.REFERRAL_OFFICER).order_by("name", "id")
        self.fields["to"].queryset = officers  # type: ignore[attr-defined]


class AskAccessForm(PageForm):
    reference = forms.CharField(
        label=_("Reference of the case"), max_length=14, widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"})
    )
    reason = long_text(
        _("Why you need to open it"),
        max_length=ACCESS_REASON_MAX_CHARS,
        rows=3,
        help_text=_("Sealed with the case. A lead reads it; write no more about the person than is needed."),
    )

    def clean_reference(self) -> str:
        return as_reference(self.cleaned_data["reference"])


class ConflictForm(PageForm):
    words = long_text(
        _("What a lead should know"),
        max_length=REASON_MAX_CHARS,
        rows=3,
        required=False,
        help_text=_("You need not say more. What you write is sealed with the case."),
    )


class PeopleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Ticks for members of staff, each with what they are here."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.none(), widget=forms.CheckboxSelectMultiple, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        roles = ", ".join(str(Role(role).label) for role in obj.roles)
        return f"{obj.name} ({roles})" if roles else str(obj.name)


class RestrictForm(PageForm):
    people = PeopleField(label=_("From whom"))
    why = forms.ChoiceField(label=_("Why"), choices=HiddenWhy, widget=forms.RadioSelect)
    words = long_text(_("What else a lead should know"), max_length=REASON_MAX_CHARS, rows=3, required=False)
    new_owner = forms.ModelChoiceField(
        label=_("Who shall own it, if its owner is among them"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Choose somebody"),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Anybody: also an auditor or an administrator may be somebody's cousin, and reads of it in the trail.
        others = User.objects.filter(is_active=True).exclude(pk=by.pk)
        self.fields["people"].queryset = others.order_by("name", "id")  # type: ignore[attr-defined]
        self.fields["new_owner"].queryset = owners()  # type: ignore[attr-defined]


class SlotForm(PageForm):
    """A time for a volunteer other than oneself, in UTC."""

    volunteer = forms.ModelChoiceField(label=_("Volunteer"), queryset=User.objects.none(), empty_label=_("Choose somebody"))
    begins_at = forms.DateTimeField(label=_("From (UTC)"), widget=moment_input())
    ends_at = forms.DateTimeField(
        label=_("Until (UTC)"), widget=moment_input(), help_text=_("At most ten hours in any 24 hours.")
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = User.objects.with_role(Role.VOLUNTEER).exclude(pk=by.pk)
        self.fields["volunteer"].queryset = others.order_by("name", "id")  # type: ignore[attr-defined]


class HeirsForm(PageForm):
    """Who takes over what somebody leaves behind; each thing goes to one of them who may hold it."""

    heirs = PeopleField(label=_("Who takes it over"), required=False)

    def __init__(self, *args: Any, leaver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = {str(role) for estate in estates() for role in estate.heirs}
        others = User.objects.filter(is_active=True, roles__overlap=sorted(roles)).exclude(pk=leaver.pk)
        self.fields["heirs"].queryset = others.order_by("name", "id")  # type: ignore[attr-defined]
