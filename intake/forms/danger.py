"""Stage 1: what has happened, and what may happen. Never more detail than help needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.answers import Answers, date_in, days_until
from intake.forms.base import StepForm
from intake.forms.fields import NOT_SURE, Label, Number, Pick, PickNumber, Several, YesNo, number_shown

NONE = "none"
# Days ago, as people remember them: who takes the narrowest span that fits is dated by its earliest day.
SPANS = (
    ("0", _("Today")),
    ("3", _("In the last three days")),
    ("7", _("In the last week")),
    ("30", _("In the last month")),
    ("90", _("In the last three months")),
    ("180", _("In the last half year")),
    ("365", _("In the last year")),
    ("1000", _("Longer ago")),
)
EVENTS = (
    ("deportation", _("I am to be deported")),
    ("trial", _("A court hearing")),
    ("police_summons", _("I must go to the police")),
    ("forced_marriage", _("A marriage that I do not want")),
    ("forced_examination", _("A medical examination that I do not want")),
    ("eviction", _("I must leave where I live")),
    ("treatment_ends", _("My medicine or treatment ends")),
    ("turns_18", _("I turn 18")),
    ("permit_ends", _("My visa or permit ends")),
    ("one_year_window_ends", _("A time limit ends for my family to follow me")),
)


class HarmForm(StepForm):
    last_harm = Pick(
        _("What is the last thing that was done to you?"),
        [
            ("none", _("Nothing so far")),
            ("verbal", _("Insults or threats")),
            ("outing", _("Somebody told others about me")),
            ("doxxing", _("My name, photo or address was made public")),
            ("extortion", _("Somebody demands money to keep silent")),
            ("beating", _("I was beaten or hurt")),
            ("sexual_violence", _("Sexual violence")),
            ("torture", _("Torture")),
            ("detention", _("I was arrested or locked up")),
        ],
        why=_("One word is enough; nobody here needs the details. If several fit, choose the worst of the last time."),
    )


class HarmWhenForm(StepForm):
    """Kept as a date, so that what was "this week" ages."""

    harm_days = PickNumber(_("When was that?"), list(SPANS), why=_("It tells us how near the danger is."), other=NOT_SURE)

    def from_answers(self) -> dict[str, Any]:
        on = self.saved.get("last_harm_on")
        if not on:
            return {}
        days = -days_until(on, self.today)
        return {"harm_days": next((span for span, _label in SPANS if days <= int(span)), SPANS[-1][0])}

    def to_answers(self) -> Answers:
        days = self.cleaned_data["harm_days"]
        return {"last_harm_on": None if days is None else date_in(-days, self.today)}

    def owned_keys(self) -> list[str]:
        return ["last_harm_on"]


class ThreatForm(StepForm):
    threat_now = Pick(
        _("Is anybody threatening you now?"),
        [
            ("none", _("No")),
            ("general", _("Yes, in a general way")),
            ("serious_harm", _("Yes, to hurt me badly or lock me up")),
            ("death", _("Yes, to kill me")),
        ],
        why=_("A threat counts even if nothing has happened yet."),
    )


class ThreatFromForm(StepForm):
    threat_source = Pick(
        _("Who is the danger from?"),
        [
            ("family", _("My family")),
            ("community", _("People around me")),
            ("state", _("The police or the state")),
            ("armed_group", _("An armed group")),
        ],
        why=_("It tells us where you can go for help, and where not. You do not have to name anybody."),
    )
    perpetrator_knows_location = Pick(
        _("Do they know where you are?"),
        [("yes", _("Yes")), ("no", _("No"))],
        why=_("If they can find you, we act faster."),
        other=NOT_SURE,
    )


class DatesForm(StepForm):
    """Which things with a date are coming; when, is the next page's. Kept as a list of {type, on}."""

    events = Several(
        _("Is something coming on a certain day?"),
        [*EVENTS, (NONE, _("No, nothing"))],
        why=_("So that we act before that day, and not after it."),
    )

    def clean_events(self) -> list[str] | None:
        types: list[str] | None = self.cleaned_data["events"]
        if types and NONE in types and len(types) > 1:
            raise forms.ValidationError(_("You ticked “No, nothing” and something else. Please keep the one that is right."))
        return types

    def from_answers(self) -> dict[str, Any]:
        return {"events": [event["type"] for event in self.saved.get("dated_event") or []]}

    def to_answers(self) -> Answers:
        dates = {event["type"]: event.get("on") for event in self.saved.get("dated_event") or []}
        types = self.cleaned_data["events"] or []
        events = [{"type": NONE} if kind == NONE else {"type": kind, "on": dates.get(kind)} for kind in types]
        return {"dated_event": events or None}

    def owned_keys(self) -> list[str]:
        return ["dated_event"]


class DatesWhenForm(StepForm):
    """One number of days for each thing that was ticked."""

    def prepare(self) -> None:
        names = dict(EVENTS)
        for event in self._events():
            self.fields[event["type"]] = Number(names[event["type"]], most=3650, why=_("In how many days? 0 is today."))

    def from_answers(self) -> dict[str, Any]:
        return {event["type"]: max(0, days_until(event["on"], self.today)) for event in self._events() if event.get("on")}

    def to_answers(self) -> Answers:
        days = self.cleaned_data
        if not self.fields:  # a page of another window, where something was ticked; "nothing is coming" stays as it was said
            return {"dated_event": self.saved.get("dated_event")}
        return {
            "dated_event": [
                {"type": kind, "on": None if days[kind] is None else date_in(days[kind], self.today)} for kind in self.fields
            ]
        }

    def owned_keys(self) -> list[str]:
        return ["dated_event"]

    def rows(self) -> list[tuple[Label, Label | list[Label] | None]]:
        return [
            (
                _("Days until: %(what)s") % {"what": field.label},
                None if self.initial.get(name) is None else number_shown(self.initial[name]),
            )
            for name, field in self.fields.items()
        ]

    def _events(self) -> list[dict[str, Any]]:
        return [event for event in self.saved.get("dated_event") or [] if event["type"] != NONE]


class KnownForm(StepForm):
    outed = Pick(
        _("Who knows about you?"),
        [
            ("none", _("Nobody who could harm me")),
            ("some", _("Some people who could harm me")),
            ("public", _("Everybody around me")),
        ],
        why=_("It tells us how safe it is for you to stay where you are."),
    )
    publicly_named = YesNo(
        _("Was your name or picture in the news, online or on a list?"),
        why=_("Then strangers may know you too, and a move inside the country may not be enough."),
        other=NOT_SURE,
    )
