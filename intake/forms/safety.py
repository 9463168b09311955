"""Stage 0: how safe it is now, and whether and how we may be in touch."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from intake.answers import Answers
from intake.forms.base import StepForm
from intake.forms.fields import Label, Pick, PickNumber, Words, YesNo
from intake.states import Channel

# Minutes east of UTC of every clock in use (IANA tz database 2025b).
OFFSETS = (
    -720, -660, -600, -570, -540, -480, -420, -360, -300, -240, -210, -180, -120, -60, 0, 60, 120, 180, 210, 240, 270, 300, 330,
    345, 360, 390, 420, 480, 525, 540, 570, 600, 630, 660, 720, 765, 780, 840,
)  # fmt: skip
PHONE = re.compile(r"\+?[0-9]{6,15}")


class DangerForm(StepForm):
    self_rated_danger = PickNumber(
        _("How much danger are you in today?"),
        [
            ("0", _("I am safe")),
            ("1", _("A little danger")),
            ("2", _("Some danger")),
            ("3", _("Great danger")),
            ("4", _("I think I could be killed or badly hurt today or tomorrow")),
        ],
        why=_("We ask so that people in the greatest danger are read first."),
    )


class ContactForm(StepForm):
    contact_channel = Pick(
        _("May we contact you?"),
        [(channel.value, channel.label) for channel in Channel],
        why=_("We never call or write unless you choose it here. Coming back with your code is the safest."),
        other=None,
    )


class ContactDetailsForm(StepForm):
    """Where, when and how. Saving it is also the day on which the plan was confirmed."""

    contact_address = Words(_("Your phone number or e-mail address"), most=200, why=_("Only one that nobody else reads or answers."), dir="ltr")
    contact_shared_device = YesNo(
        _("Does anybody else use this phone or read this mailbox?"),
        why=_("If others may see it, we do not write there unless you say below that we may."),
    )
    contact_leave_message = YesNo(
        _("May we leave a message there?"), why=_("It never says who we are or what it is about."), other=None
    )
    contact_from_hour = forms.TypedChoiceField(label=_("Safe from"), required=False, coerce=int, empty_value=None)
    contact_until_hour = forms.TypedChoiceField(label=_("Safe until"), required=False, coerce=int, empty_value=None)
    contact_utc_offset = forms.TypedChoiceField(
        label=_("What time is it where you are?"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("So that we keep to your hours, not ours."),
    )
    contact_word = Words(
        _("A word that proves it is you"),
        most=60,
        why=_("On a call we ask for this word first. If somebody else answers, we say it was a wrong number."),
    )

    def prepare(self) -> None:
        hours = [("", _("Any time")), *((str(hour), f"{hour:02d}:00") for hour in range(24))]
        self._choices("contact_from_hour", hours)
        self._choices("contact_until_hour", hours)
        now = datetime.now(UTC)
        clocks = [(str(minutes), _clock(now, minutes)) for minutes in OFFSETS]
        self._choices("contact_utc_offset", [("", _("I would rather not say")), *clocks])
        match self.saved.get("contact_channel"):
            case Channel.EMAIL:
                self.fields["contact_address"].label = _("Your e-mail address")
                self.fields["contact_address"].widget.attrs["inputmode"] = "email"
            case Channel.TEXT | Channel.CALL:
                self.fields["contact_address"].label = _("Your phone number, with the country code")
                self.fields["contact_address"].widget.attrs["inputmode"] = "tel"

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        field.choices = choices

    def clean_contact_address(self) -> str | None:
        address: str | None = self.cleaned_data["contact_address"]
        if address is None:
            return None
        if self.saved.get("contact_channel") == Channel.EMAIL:
            try:
                validate_email(address)
            except ValidationError as error:
                raise ValidationError(_("Write a whole e-mail address, such as name@example.org.")) from error
            return address
        number = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in address if sign not in " -().\u00a0")
        if not PHONE.fullmatch(number):
            raise ValidationError(_("Write the number with its country code, such as +256 700 123456."))
        return number

    def to_answers(self) -> Answers:
        answers = super().to_answers()
        return answers | {"contact_confirmed_on": self.today.isoformat() if answers["contact_address"] else None}

    def keys(self) -> list[str]:
        return [*super().keys(), "contact_confirmed_on"]

    def rows(self) -> list[tuple[Label, Label | list[Label] | None]]:
        rows = []
        for name, field in self.fields.items():
            value = self.initial.get(name)
            if isinstance(field, forms.TypedChoiceField):
                shown = dict(field.choices).get(str(value)) if value is not None else None  # type: ignore[arg-type]
            else:
                shown = field.shown(value)  # type: ignore[attr-defined]
            rows.append((field.label or "", shown))
        return rows


def _clock(now: datetime, minutes: int) -> str:
    """Return what a clock there shows now, with its distance from UTC for whoever knows it: `17:05 (UTC+3)`."""
    local = now.astimezone(timezone(timedelta(minutes=minutes)))
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes >= 0 else "−"
    return f"{local:%H:%M} (UTC{sign}{hours}{f':{rest:02d}' if rest else ''})"
