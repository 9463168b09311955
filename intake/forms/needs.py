"""Stage 1: how the person is, what they have, what would help."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from intake.answers import Answers, date_in, days_until
from intake.forms.base import StepForm
from intake.forms.fields import NOT_SURE, Number, Pick, Several, YesNo


class HealthForm(StepForm):
    medical = Pick(
        _("Do you need a doctor or medicine?"),
        [
            ("none", _("No")),
            ("chronic_untreated", _("I have an illness that is not treated")),
            ("injury_needs_care", _("I am hurt and need care")),
            ("treatment_interrupted", _("I can no longer get my medicine or treatment")),
            ("life_threatening", _("My life is in danger without care")),
        ],
        why=_("We do not need to know which illness."),
    )
    disability = YesNo(_("Do you live with a disability?"), why=_("So that any place or journey we look for works for you."))
    pregnant = YesNo(_("Are you pregnant?"), why=_("So that you get the care you need on the way."))


class FeelingsForm(StepForm):
    suicidality = Pick(
        _("Are you thinking about ending your life?"),
        [
            ("none", _("No")),
            ("thoughts", _("Sometimes I have such thoughts")),
            ("plan", _("Yes, and I have thought about how")),
        ],
        why=_("Many people in danger feel this. You can say it here. Nobody will think less of you."),
    )


class SurvivorForm(StepForm):
    survivor_torture_or_sv = YesNo(
        _("Have you ever survived torture or sexual violence?"),
        why=_("Survivors have a right to special care. Yes or no is enough; we will not ask you to tell it here."),
    )


class SupportForm(StepForm):
    """Money is kept as the date until which it lasts."""

    trusted_person_nearby = YesNo(
        _("Is somebody near you whom you trust?"), why=_("Somebody who could open a door or make a call for you.")
    )
    money = Number(_("For how many days do you have money for food?"), most=3650, why=_("0 if you have none now."))
    unhcr_registered = YesNo(
        _("Are you registered with the UN refugee agency, UNHCR?"), why=_("Some ways to safety go through it."), other=NOT_SURE
    )

    def from_answers(self) -> dict[str, Any]:
        until = self.saved.get("money_until")
        return super().from_answers() | {"money": max(0, days_until(until, self.today)) if until else None}

    def to_answers(self) -> Answers:
        answers = super().to_answers()
        money = answers.pop("money")
        return answers | {"money_until": None if money is None else date_in(money, self.today)}

    def owned_keys(self) -> list[str]:
        return ["trusted_person_nearby", "money_until", "unhcr_registered"]


class HelpForm(StepForm):
    help_asked = Several(
        _("What would help you most?"),
        [
            ("escape", _("Get out of where I am held")),
            ("relocation", _("Move to a safer place")),
            ("leave", _("Leave the country")),
            ("shelter", _("Somewhere to sleep")),
            ("housing", _("A place to live")),
            ("cash", _("Money for food and the most necessary")),
            ("medicine", _("Medicine")),
            ("health", _("A doctor, or somebody to talk to")),
            ("legal", _("A lawyer")),
            ("stop_removal", _("Stop my deportation")),
            ("resettlement", _("A new country")),
            ("family_reunion", _("Be with my family or partner")),
            ("school", _("School or training")),
            ("digital_security", _("Make my phone and accounts safe")),
            ("advice", _("Advice on what to do")),
            ("information", _("Information")),
        ],
        why=_("Choose as many as you like. We cannot promise any of it; we will tell you honestly what we can do."),
    )


class EvidenceForm(StepForm):
    evidence = Pick(
        _("Is there anything that shows what happened?"),
        [("none", _("No")), ("some", _("A little")), ("strong", _("A lot"))],
        why=_("Letters, photos, a doctor's note. You do not need any to get help, and it does not change how fast we read."),
    )
