"""What a friend or partner reads instead of "you", when they file for somebody else (docs/decisions/0047).

Only where "you" would be read as themselves. Keys are field names, or slugs of steps; what is not here is worded for both.
A choice keeps its value; choices that are not here stay as the person would say them, and the page says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from intake.forms.fields import Label
from intake.forms.household import HEALTH


@dataclass(frozen=True, slots=True)
class Wording:
    """A question about somebody else. An empty `why` leaves the usual one."""

    label: Label
    why: Label = ""
    choices: Mapping[str, Label] = field(default_factory=dict)


TITLES: dict[str, Label] = {
    "s01": _("How safe is this person now?"),
    "s05": _("The person's name here"),
    "s06": _("The person's age"),
    "s07": _("Who looks after this person"),
    "s08": _("Who is with this person"),
    "s33": _("The people with this person"),
    "s09": _("The country the person is in"),
    "s10": _("The person's nationality"),
    "s11": _("The person's papers"),
    "s12": _("Where the person stays"),
    "s13": _("How long the person can stay there"),
    "s14": _("The person's freedom"),
    "s15": _("What was done to this person"),
    "s22": _("The person's health"),
    "s23": _("How the person feels"),
    "s25": _("What the person has now"),
    "s29": _("In words of your own"),
}

LEADS: dict[str, Label] = {
    "s31": _(
        "You permit only that we keep and read what you wrote. This person decides about the rest later, with their own code."
    ),
}

QUESTIONS: dict[str, Wording] = {
    "self_rated_danger": Wording(
        _("How much danger is this person in today?"),
        choices={
            "0": _("They are safe"),
            "4": _("They could be killed or badly hurt today or tomorrow"),
        },
    ),
    "call_you": Wording(
        _("What shall we call this person?"), _("Any name. It does not have to be the one in their documents.")
    ),
    "pronouns": Wording(
        _("The person's pronouns"), _("So that we speak of them in the right way. For example: she, he, they.")
    ),
    "age_band": Wording(_("How old is this person?")),
    "minor_accompanied": Wording(
        _("Is an adult with this person whom they trust?"),
        _("If no adult looks after a child, we read what you write first of all."),
    ),
    "dependants": Wording(
        _("How many people depend on this person?"), _("Children, parents or others who would come to harm without them.")
    ),
    "with_adults": Wording(_("Adults who are with this person"), _("So that we look for a place where all of them fit.")),
    "with_children": Wording(_("Children under 18 who are with this person")),
    "with_older": Wording(_("People of 60 or older who are with this person")),
    "relation": Wording(_("How do they belong to the person you write for?")),
    "depends": Wording(_("Would they come to harm without the person you write for?")),
    "current_country": Wording(_("Which country is this person in now?"), _("What can be done depends on where they are.")),
    "nationality": Wording(
        _("Which country's citizen is this person?"),
        _("Other countries may help people who are outside their own. If they have none, leave this."),
    ),
    "legal_status_current": Wording(_("What papers does this person have for the country they are in?")),
    "location_type": Wording(_("Where is this person staying?")),
    "nights": Wording(_("For how many more nights is this place certain?"), _("0 if they must leave today.")),
    "stable": Wording(_("They can stay as long as they need")),
    "custody": Wording(_("Does anybody hold this person, or make them report?")),
    "last_harm": Wording(_("What is the last thing that was done to this person?")),
    "threat_now": Wording(_("Is anybody threatening this person now?")),
    "threat_source": Wording(
        _("Who is the danger from?"),
        _("It tells us where they can go for help, and where not. You do not have to name anybody."),
    ),
    "perpetrator_knows_location": Wording(_("Do those people know where this person is?")),
    "events": Wording(_("Is something coming for this person on a certain day?")),
    "outed": Wording(_("Who knows about this person?"), _("It tells us how safe it is for them to stay where they are.")),
    "publicly_named": Wording(
        _("Was this person's name or picture in the news, online or on a list?"),
        _("Then strangers may know them too, and a move inside the country may not be enough."),
    ),
    "medical": Wording(_("Does this person need a doctor or medicine?"), choices=dict(HEALTH)),
    "disability": Wording(_("Does this person live with a disability?"), _("So that any place or journey works for them.")),
    "pregnant": Wording(_("Is this person pregnant?"), _("So that they get the care they need.")),
    "suicidality": Wording(
        _("Is this person thinking about ending their life?"),
        _("Only if you know. Never press anybody to say it."),
        choices={
            "thoughts": _("They sometimes have such thoughts"),
            "plan": _("Yes, and they have thought about how"),
        },
    ),
    "survivor_torture_or_sv": Wording(
        _("Is it known that this person survived torture or sexual violence?"),
        _("Survivors have a right to special care. Please do not ask them for this form."),
    ),
    "trusted_person_nearby": Wording(
        _("Is somebody near this person whom they trust?"), _("Somebody who could open a door or make a call for them.")
    ),
    "money": Wording(_("For how many days does this person have money for food?"), _("0 if they have none now.")),
    "unhcr_registered": Wording(_("Is this person registered with the UN refugee agency, UNHCR?")),
    "help_asked": Wording(_("What would help this person most?")),
    "own_words": Wording(
        _("What else should we know?"),
        _("Only what this person would want us to know. Please leave out other people's names."),
    ),
    "consent_read": Wording(_("You may keep what I wrote and read it to see how you can help this person")),
}
