"""A new contact plan, on the person's own page: every question of the questionnaire about it, on one page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.answers import CONTACT_PREFIX
from intake.forms.base import StepForm
from intake.forms.safety import ContactDetailsForm, ContactForm, ContactHoursForm
from intake.states import Channel
from rainbowrail.web.forms import PageForm


class ContactPlanForm(PageForm):
    """The questions are those of the questionnaire's forms, and so is what they accept. Nothing is shown of the old plan.

    `once` is a random mark of the page: the same page sent twice is one change.
    """

    once = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput())

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        today: date,
        language: str,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.parts: list[StepForm] = []
        self.today, self.language = today, language
        super().__init__(data, initial=dict(initial or {}), use_required_attribute=False)
        for form in (self._part(ContactForm), self._part(ContactDetailsForm, Channel.CALL), self._part(ContactHoursForm)):
            self.fields |= form.fields
        self.helper.layout = self.helper.build_default_layout(self)
        address, leave = self.fields["contact_address"], self.fields["contact_leave_message"]
        address.label = _("Your phone number with the country code, or your e-mail address")
        address.widget.attrs.pop("inputmode", None)
        leave.label = _("May we leave a message or a note there, even if somebody else could see it?")
        leave.help_text = _("It never says who we are or what it is about.")

    def clean(self) -> dict[str, Any]:
        """Ask the questionnaire's own forms whether they would take it."""
        given = super().clean() or {}
        channel = given.get("contact_channel")
        if "contact_channel" in given and not channel:
            self.add_error("contact_channel", _("Choose one of these."))
        if channel in {None, Channel.NONE}:
            # What was typed for another channel does not stand in the way of none.
            for name in set(self.errors) - {"contact_channel"} if channel else ():
                del self.errors[name]
            return given
        parts = [
            self._part(ContactForm, channel),
            self._part(ContactDetailsForm, channel),
            self._part(ContactHoursForm, channel),
        ]
        for part in parts:
            for name, errors in part.errors.items():
                if name in self.fields and name not in self.errors:
                    self.add_error(name, errors)
        if not self.errors and not parts[1].cleaned_data.get("contact_address"):
            self.add_error("contact_address", _("Write where we may reach you, or choose that we do not contact you."))
        self.parts = parts
        return given

    def plan(self) -> dict[str, Any]:
        """Return the plan, in the keys of `intake.safe_contact`. Needs a valid form."""
        if self.cleaned_data["contact_channel"] == Channel.NONE:
            return {"channel": str(Channel.NONE)}
        answers: dict[str, Any] = {}
        for part in self.parts:
            answers |= part.to_answers()
        # The questionnaire asks for a word before a call only. Here the question stands for every way, and its answer counts:
        # whoever speaks with the person some day must know it.
        answers["contact_word"] = self.cleaned_data.get("contact_word")
        return {key.removeprefix(CONTACT_PREFIX): value for key, value in answers.items() if value is not None}

    def _part(self, form: type[StepForm], channel: str = "") -> StepForm:
        data = self.data if self.is_bound and channel else None
        return form(data, answers={"contact_channel": channel or None}, today=self.today, language=self.language)
