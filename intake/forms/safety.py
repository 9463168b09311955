"""Stage 0: how safe it is now, and whether and how we may be in touch."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from intake.answers import Answers
from intake.forms.base import StepForm
from intake.forms.fields import Choice, Listed, Pick, PickNumber, Words, YesNo
from intake.states import Channel
from rainbowrail.crypto.numerals import to_ascii

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


class PersonContactForm(StepForm):
    """Asked of a filer: how the person they write for may be reached without harm. Nothing is sent there by itself."""

    contact_person_how = Pick(
        _("How may we reach the person you write for?"),
        [
            ("through_me", _("Only through me")),
            ("direct", _("You may write to them or call them")),
            ("own_way", _("They will write here themselves")),
        ],
        why=_("A caseworker decides with care. Nobody there hears from us before that."),
    )
    contact_person_address = Words(
        _("Their phone number or e-mail address"),
        most=200,
        why=_("Only if they said yes to it, and nobody else reads or answers there."),
        dir="ltr",
    )
    contact_person_careful = Words(
        _("What must we be careful about?"), most=300, why=_("For example: the hours, who answers, a word to say first.")
    )


class ContactDetailsForm(StepForm):
    """Where we may write or call. Saving it is also the day on which the plan was confirmed."""

    contact_address = Words(
        _("Your phone number or e-mail address"), most=200, why=_("Only one that nobody else reads or answers."), dir="ltr"
    )
    contact_shared_device = YesNo(_("Does anybody else use this phone or read this mailbox?"))
    contact_leave_message = YesNo(_("May we leave a message there?"), other=None)
    contact_word = Words(
        _("A word that proves it is you"),
        most=60,
        why=_("On a call we ask for this word first. If somebody else answers, we say it was a wrong number."),
    )

    def prepare(self) -> None:
        address, leave = self.fields["contact_address"], self.fields["contact_leave_message"]
        channel = self.saved.get("contact_channel")
        if channel == Channel.CALL:
            leave.help_text = _("If you do not answer. It never says who we are or what it is about.")
        else:
            leave.label = _("May we write there even if somebody else could see it?")
            leave.help_text = _(
                "A note never says who we are or what it is about. Without your yes we write only where nobody else looks."
            )
            del self.fields["contact_word"]
        if channel == Channel.EMAIL:
            address.label = _("Your e-mail address")
            address.widget.attrs["inputmode"] = "email"
        else:
            address.label = _("Your phone number, with the country code")
            address.widget.attrs["inputmode"] = "tel"

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
        number = "".join(to_ascii(sign) or sign for sign in address if sign not in " -().\u00a0")
        if not PHONE.fullmatch(number):
            raise ValidationError(_("Write the number with its country code, such as +256 700 123456."))
        return number

    def to_answers(self) -> Answers:
        answers = super().to_answers()
        return answers | {"contact_confirmed_on": self.today.isoformat() if answers["contact_address"] else None}

    def owned_keys(self) -> list[str]:
        return [*super().owned_keys(), "contact_confirmed_on"]


class ContactHoursForm(StepForm):
    """When. Kept as hours of the person's own clock, with its distance from UTC."""

    contact_from_hour = Listed(_("Safe from"))
    contact_until_hour = Listed(_("Safe until"))
    contact_utc_offset = Listed(_("What time is it where you are?"), why=_("So that we keep to your hours, not ours."))

    def prepare(self) -> None:
        hours: list[Choice] = [("", _("Any time")), *((str(hour), f"{hour:02d}:00") for hour in range(24))]
        self.offer("contact_from_hour", hours)
        self.offer("contact_until_hour", hours)
        now = datetime.now(UTC)
        clocks = [(str(minutes), _clock(now, minutes)) for minutes in OFFSETS]
        self.offer("contact_utc_offset", [("", _("I would rather not say")), *clocks])


def _clock(now: datetime, minutes: int) -> str:
    """Return what a clock there shows now, with its distance from UTC for whoever knows it: `17:05 (UTC+3)`."""
    local = now.astimezone(timezone(timedelta(minutes=minutes)))
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes >= 0 else "−"
    return f"{local:%H:%M} (UTC{sign}{hours}{f':{rest:02d}' if rest else ''})"
