"""The questionnaire as data: one short page a step, in order, each with when it applies.

A step's `slug` stands in the address and so in a browser's history: it says nothing, and is never reused for another question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intake.answers import FILERS, HOUSEHOLD, Answers
from intake.forms import danger, for_another, household, needs, place, safety, words, you
from intake.forms.base import StepForm
from intake.household import CHILD_BANDS, COUNTED
from intake.states import Channel

# Where a night is certain or impossible whatever is said: nobody is asked to count there.
NO_NIGHTS = frozenset({"street", "detention", "family_confinement"})
# Steps that ask about whoever types, for whomever they write.
ABOUT_WHO_TYPES = frozenset(
    {
        you.SubmitterForm, you.FilerForm, safety.ContactForm, safety.ContactDetailsForm, safety.ContactHoursForm,
        safety.PersonContactForm, words.HeardForm, words.ConsentForm,
    }
)  # fmt: skip
# self_rated_danger from here on, or a suicide plan, shows what helps at once. It never stops anybody from sending.
GREAT_DANGER = 3


def always(answers: Answers) -> bool:
    return True


def wants_contact(answers: Answers) -> bool:
    return answers.get("contact_channel") not in {None, Channel.NONE}


def is_for_another(answers: Answers) -> bool:
    return answers.get("submitter") in FILERS


def is_for_oneself(answers: Answers) -> bool:
    return not is_for_another(answers)


def has_company(answers: Answers) -> bool:
    return bool(answers.get(HOUSEHOLD)) or any(answers.get(number) for number in COUNTED)


def is_child(answers: Answers) -> bool:
    return answers.get("age_band") in CHILD_BANDS


def counts_nights(answers: Answers) -> bool:
    return answers.get("location_type") is not None and answers["location_type"] not in NO_NIGHTS


def was_harmed(answers: Answers) -> bool:
    return answers.get("last_harm") not in {None, "none"}


def has_somebody_to_fear(answers: Answers) -> bool:
    return was_harmed(answers) or answers.get("threat_now") not in {None, "none"}


def has_dates(answers: Answers) -> bool:
    return any(event["type"] != danger.NONE for event in answers.get("dated_event") or [])


@dataclass(frozen=True, slots=True)
class Step:
    """One page: its section and heading, the form, and when it is asked. `may_skip` is false for one step alone."""

    slug: str
    section: str | Promise
    title: str | Promise
    form: type[StepForm]
    applies: Callable[[Answers], bool] = always
    lead: str | Promise = ""
    may_skip: bool = True


SAFETY, YOU, PLACE = _("Your safety"), _("About you"), _("Where you are")
EVENTS, NEEDS, WORDS = _("What has happened"), _("What you need"), _("In your own words")

STEPS: tuple[Step, ...] = (
    # First of all, so that every later page asks about the right person.
    Step("s04", SAFETY, _("Who this is about"), you.SubmitterForm),
    Step("s01", SAFETY, _("How safe are you now?"), safety.DangerForm),
    Step("s35", SAFETY, _("You, who write for somebody"), you.FilerForm, is_for_another),
    Step("s02", SAFETY, _("How we may reach you"), safety.ContactForm),
    Step("s03", SAFETY, _("Reaching you safely"), safety.ContactDetailsForm, wants_contact),
    Step("s32", SAFETY, _("When it is safe"), safety.ContactHoursForm, wants_contact),
    Step("s34", SAFETY, _("Reaching the person safely"), safety.PersonContactForm, is_for_another),
    Step("s05", YOU, _("Your name here"), you.NameForm),
    Step("s06", YOU, _("Your age"), you.AgeForm),
    Step("s07", YOU, _("Who looks after you"), you.ChildForm, is_child),
    Step("s08", YOU, _("Who is with you"), you.CompanyForm),
    Step("s33", YOU, _("The people with you"), household.HouseholdForm, has_company,
         lead=_("If you like, tell us a little about each of them. You may also skip this.")),
    Step("s09", PLACE, _("The country you are in"), place.CountryForm),
    Step("s10", PLACE, _("Your nationality"), place.NationalityForm),
    Step("s11", PLACE, _("Your papers"), place.StatusForm),
    Step("s12", PLACE, _("Where you stay"), place.PlaceForm),
    Step("s13", PLACE, _("How long you can stay there"), place.NightsForm, counts_nights),
    Step("s14", PLACE, _("Your freedom"), place.CustodyForm),
    Step("s15", EVENTS, _("What was done to you"), danger.HarmForm),
    Step("s16", EVENTS, _("When it happened"), danger.HarmWhenForm, was_harmed),
    Step("s17", EVENTS, _("Threats"), danger.ThreatForm),
    Step("s18", EVENTS, _("Who the danger is from"), danger.ThreatFromForm, has_somebody_to_fear),
    Step("s19", EVENTS, _("Days that are coming"), danger.DatesForm),
    Step("s20", EVENTS, _("When that is"), danger.DatesWhenForm, has_dates),
    Step("s21", EVENTS, _("Who knows"), danger.KnownForm),
    Step("s22", NEEDS, _("Your health"), needs.HealthForm),
    Step("s23", NEEDS, _("How you feel"), needs.FeelingsForm),
    Step("s24", NEEDS, _("Special care"), needs.SurvivorForm),
    Step("s25", NEEDS, _("What you have now"), needs.SupportForm),
    Step("s26", NEEDS, _("What would help"), needs.HelpForm),
    Step("s27", NEEDS, _("Papers and proof"), needs.EvidenceForm,
         lead=_("You need no proof. Never send us proof of whom you love.")),
    # What somebody is, nobody says for them.
    Step("s28", WORDS, _("Words for yourself"), you.SogiescForm, is_for_oneself),
    Step("s29", WORDS, _("Your own words"), words.OwnWordsForm),
    Step("s30", WORDS, _("How you found us"), words.HeardForm),
    Step("s31", WORDS, _("Your permission"), words.ConsentForm, may_skip=False,
         lead=_("What you wrote is yours. You decide what we may do with it.")),
)  # fmt: skip
BY_SLUG = {step.slug: step for step in STEPS}
CONSENT_STEP = STEPS[-1]


def in_great_danger(answers: Answers) -> bool:
    return (answers.get("self_rated_danger") or 0) >= GREAT_DANGER


def plans_to_die(answers: Answers) -> bool:
    return bool(answers.get("suicidality") == "plan")


def needs_advice_after(step: Step, answers: Answers) -> bool:
    """Whether what was just answered on this step is met with what helps now, before the next question."""
    return (step.form is safety.DangerForm and in_great_danger(answers)) or (
        step.form is needs.FeelingsForm and plans_to_die(answers)
    )


def is_about_another(step: Step, answers: Answers) -> bool:
    """Whether "you" on this step is somebody else than the person who types."""
    return is_for_another(answers) and step.form not in ABOUT_WHO_TYPES


def title_of(step: Step, answers: Answers) -> str | Promise:
    """Return the step's heading, worded for who types."""
    return for_another.TITLES.get(step.slug, step.title) if is_for_another(answers) else step.title


def lead_of(step: Step, answers: Answers) -> str | Promise:
    """Return the line under the heading, worded for who types; mostly empty."""
    return for_another.LEADS.get(step.slug, step.lead) if is_for_another(answers) else step.lead
