"""What referral officers and those who approve fill in.

The draft form is the programme's list of questions; no country stands here.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import get_language, get_language_info, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from rainbowrail.countries import codes
from rainbowrail.crypto import recipients
from rainbowrail.crypto.recipients.base import LONGEST_KEY
from rainbowrail.web.forms import PageForm
from referrals import programmes
from referrals.casefile import ConsentHow
from referrals.models import Recipient, Referral
from referrals.models.consent import NOTE_MAX_CHARS as CONSENT_NOTE_MAX_CHARS
from referrals.models.outcome import NOTE_MAX_CHARS as OUTCOME_NOTE_MAX_CHARS
from referrals.models.recipient import checked_key, is_private_key
from referrals.models.referral_move import REASON_MAX_CHARS
from referrals.programmes.base import Answer, AskedField, Programme, Section
from referrals.states import HandedOver, KeyKind, OutcomeKind, ReferralState

CHOOSE_ONE: tuple[str, Any] = ("", _("Choose one"))
MOST_PEOPLE = 30  # on one case
# Languages people speak with us that Django may have no words for are shown by their own name.
SPOKEN = (
    "en",
    "fr",
    "ar",
    "fa",
    "ur",
    "sw",
    "lg",
    "am",
    "so",
    "ha",
    "ru",
    "es",
    "pt",
    "tr",
    "ps",
    "prs",
    "ckb",
    "bn",
    "rw",
    "ti",
)
OWN_NAMES = {
    "lg": "Luganda",
    "am": "አማርኛ",
    "so": "Soomaali",
    "ha": "Hausa",
    "ps": "پښتو",
    "prs": "دری",
    "rw": "Ikinyarwanda",
    "ti": "ትግርኛ",
}


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def long_text(label: Any, *, max_length: int, rows: int = 4, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=max_length, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


def months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or its last day when the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def spoken_languages() -> list[tuple[str, str]]:
    """Return the languages in which consent may be explained, by their names."""
    return [(code, _language_name(code)) for code in dict.fromkeys([*dict(settings.LANGUAGES), *SPOKEN])]


def _language_name(code: str) -> str:
    if code in OWN_NAMES:
        return OWN_NAMES[code]
    return str(get_language_info(code)["name_translated"])


class StartForm(PageForm):
    """Which official, and in which language the document is written."""

    recipient = forms.ModelChoiceField(
        label=_("For whose eyes"),
        queryset=Recipient.objects.none(),
        empty_label=_("Choose an official"),
        help_text=_("Only officials whose key a second person has checked."),
    )
    language = forms.ChoiceField(label=_("Language of the document"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipient"].queryset = Recipient.objects.may_receive()  # type: ignore[attr-defined]
        languages = {code: name for one in programmes.PROGRAMMES.values() for code, name in one.languages}
        self.fields["language"].choices = list(languages.items())  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class PartFields:
    """The questions of one part, as the page shows them."""

    section: Section
    fields: list[BoundField]


class DraftForm(PageForm):
    """The questions of one programme.

    A draft may be saved with gaps: what is required stands in the way only when approval is asked for.
    """

    marks_optional = False

    def __init__(self, *args: Any, programme: Programme, referral: Referral, **kwargs: Any) -> None:
        known = {**referral.identity, **referral.account}
        super().__init__(*args, initial=_initial(programme, known), **kwargs)
        self.programme = programme
        for asked in programme.fields:
            self.fields[asked.key] = _form_field(asked)
        for field in self.fields.values():
            field.required = False

    def parts(self) -> Iterator[PartFields]:
        """Yield the parts that ask something, in the order of the packet."""
        for section in self.programme.sections:
            fields = [self[asked.key] for asked in self.programme.asked_in(section.letter)]
            if fields:
                yield PartFields(section, fields)

    def words(self) -> dict[str, str]:
        """Return the answers as `actions.save_draft` takes them: words for every key, empty for what was not answered."""
        return {asked.key: _as_words(self.cleaned_data.get(asked.key)) for asked in self.programme.fields}


def _initial(programme: Programme, known: dict[str, str]) -> dict[str, Any]:
    return {
        asked.key: known.get(asked.key) == "yes" if asked.answer is Answer.TICK else known.get(asked.key, "")
        for asked in programme.fields
    }


def _as_words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value).strip()


def _form_field(asked: AskedField) -> forms.Field:
    label: Any = asked.label  # Django's stubs know its own lazy strings only
    hint: Any = asked.hint
    match asked.answer:
        case Answer.TEXT:
            return long_text(label, max_length=asked.max_chars, help_text=hint)
        case Answer.DAY:
            return day_field(label, help_text=hint)
        case Answer.NUMBER:
            return forms.IntegerField(label=label, help_text=hint, min_value=1, max_value=MOST_PEOPLE)
        case Answer.COUNTRY:
            return forms.ChoiceField(label=label, help_text=hint, choices=[CHOOSE_ONE, *codes.choices(get_language() or "en")])
        case Answer.CHOICE:
            return forms.ChoiceField(label=label, help_text=hint, choices=[CHOOSE_ONE, *asked.choices])
        case Answer.TICK:
            return forms.BooleanField(label=label, help_text=hint)
        case Answer.LINE:
            return forms.CharField(label=label, help_text=hint, max_length=asked.max_chars)


class ConsentForm(PageForm):
    """What the person allowed, as they said it."""

    parts = forms.MultipleChoiceField(
        label=_("Which parts may this official be told?"),
        help_text=_("Tick what the person said yes to. A part that is not ticked is never sent."),
        widget=forms.CheckboxSelectMultiple,
    )
    how = forms.ChoiceField(
        label=_("How they said so"),
        choices=[
            (ConsentHow.RECORDED_ORAL.value, _("Spoken, and written down by me")),
            (ConsentHow.SIGNED.value, _("Signed")),
        ],
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label=_("Language in which it was explained"))
    given_on = day_field(_("On which day"))
    ends_on = day_field(_("Until which day it holds"))
    by_guardian = forms.BooleanField(label=_("A guardian consented for a child"), required=False)
    note = long_text(
        _("Note"),
        max_length=CONSENT_NOTE_MAX_CHARS,
        rows=3,
        required=False,
        help_text=_("Sealed. How it was asked, and who interpreted."),
    )

    def __init__(self, *args: Any, programme: Programme, language: str, **kwargs: Any) -> None:
        today = timezone.localdate()
        initial = {
            "parts": [],
            "language": language,
            "given_on": today,
            "ends_on": months_after(today, programme.consent_months),
        }
        super().__init__(*args, initial=initial, **kwargs)
        sections = programme.consent_sections()
        self.fields["parts"].choices = [(one.letter, f"{one.letter} · {one.consent_label}") for one in sections]  # type: ignore[attr-defined]
        self.fields["language"].choices = spoken_languages()  # type: ignore[attr-defined]


class AskConsentForm(PageForm):
    """What the person is asked for on their own page."""

    parts = forms.MultipleChoiceField(
        label=_("Which parts do you ask for?"),
        help_text=_("Only what this programme needs. The person says yes or no to all of it."),
        widget=forms.CheckboxSelectMultiple,
    )
    ends_on = day_field(_("Until which day it holds"))

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        sections = programme.consent_sections()
        initial = {
            "parts": [one.letter for one in sections if one.required],
            "ends_on": months_after(timezone.localdate(), programme.consent_months),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["parts"].choices = [(one.letter, f"{one.letter} · {one.consent_label}") for one in sections]  # type: ignore[attr-defined]


class ConsentWithdrawalForm(PageForm):
    withdrawn_on = day_field(_("On which day"), initial=timezone.localdate)
    note = long_text(
        _("Note"), max_length=CONSENT_NOTE_MAX_CHARS, rows=3, required=False, help_text=_("Sealed. What the person said.")
    )


class ReasonForm(PageForm):
    reason = long_text(
        _("Reason"),
        max_length=REASON_MAX_CHARS,
        rows=3,
        help_text=_("Sealed with the referral. Whoever reads it later should understand."),
    )


class ApprovalForm(PageForm):
    """What was on the screen when somebody approved it: if it reads differently by then, nothing happens."""

    read_digest = forms.CharField(max_length=64, widget=forms.HiddenInput)


class HandOverForm(PageForm):
    on = day_field(_("On which day"), initial=timezone.localdate)
    how = forms.ChoiceField(label=_("How it reached them"), choices=HandedOver, widget=forms.RadioSelect)


class RecallConfirmedForm(PageForm):
    on = day_field(_("On which day they destroyed it"), initial=timezone.localdate)


class AcknowledgementForm(PageForm):
    on = day_field(_("On which day they confirmed it"), initial=timezone.localdate)
    office_number = forms.CharField(
        label=_("The office's number for the case"), max_length=80, required=False, help_text=_("Sealed. If they gave one.")
    )


class OutcomeForm(PageForm):
    kind = forms.ChoiceField(label=_("What the office answered"), widget=forms.RadioSelect)
    on = day_field(_("On which day"), initial=timezone.localdate)
    note = long_text(_("In their words"), max_length=OUTCOME_NOTE_MAX_CHARS, required=False, help_text=_("Sealed."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, kind.label) for kind in OutcomeKind if kind is not OutcomeKind.WITHDRAWN]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class PublicKeyInput(forms.Textarea):
    """Shows what was typed again, unless it is a private key: that stands on no page, not even the typist's own."""

    def format_value(self, value: Any) -> str | None:
        return "" if is_private_key(str(value or "")) else super().format_value(value)


class RecipientForm(PageForm):
    programme = forms.ChoiceField(label=_("Programme"))
    name = forms.CharField(label=_("Name of the official"), max_length=120)
    office = forms.CharField(label=_("Office"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    kind = forms.ChoiceField(label=_("What the office opens files with"), initial=KeyKind.AGE, widget=forms.RadioSelect)
    public_key = forms.CharField(
        label=_("Public key"),
        max_length=LONGEST_KEY,
        required=False,
        widget=PublicKeyInput(attrs={"rows": 6, "spellcheck": "false", "dir": "ltr"}),
        help_text=_(
            "The line that begins with “age1”, or the whole block of an OpenPGP key or a certificate. The official keeps the "
            "other half. Leave it empty for an office without a key."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].choices = programmes.choices()  # type: ignore[attr-defined]
        kinds = [KeyKind(kind.value) for kind in recipients.available()]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "kind" in given and "public_key" in given:
            given["kind"] = KeyKind(given["kind"])
            try:
                checked_key(given["kind"], given["public_key"])
            except forms.ValidationError as refusal:
                self.add_error("public_key", refusal)
        return given


class ListFilter(PageForm):
    """What of the list to show; it is in the address, so only clear words stand here."""

    state = forms.ChoiceField(
        label=_("Stage"), required=False, choices=[("", pgettext_lazy("not closed", "Open")), *ReferralState.choices]
    )
