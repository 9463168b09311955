"""The machine keys of the questionnaire in the words of a caseworker, grouped as they are read. Pure; a test holds it total."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rainbowrail.countries import codes

type Words = str | Promise

GROUPS: list[tuple[Words, list[str]]] = [
    (gettext_lazy("Danger"), [
        "threat_now", "threat_source", "last_harm", "last_harm_days_ago", "perpetrator_knows_location", "self_rated_danger",
        "outed", "publicly_named", "custody", "dated_event",
    ]),
    (gettext_lazy("Where"), [
        "current_country", "region", "nationality", "legal_status_current", "location_type", "shelter_nights_left",
        "money_days", "trusted_person_nearby",
    ]),
    (gettext_lazy("Person"), [
        "submitter", "person_knows", "age_band", "minor_accompanied", "dependants", "with_adults", "with_children",
        "with_older", "medical", "suicidality", "survivor_torture_or_sv", "disability", "pregnant",
    ]),
    (gettext_lazy("Help"), ["help_asked", "unhcr_registered", "evidence"]),
    (gettext_lazy("In their own terms (never part of the urgency)"), ["sogiesc", "sogiesc_words", "heard", "partner"]),
]  # fmt: skip

LABELS: dict[str, Words] = {
    "submitter": gettext_lazy("Who is writing"),
    "person_knows": gettext_lazy("The person knows of it"),
    "age_band": gettext_lazy("Age"),
    "minor_accompanied": gettext_lazy("An adult is with the child"),
    "dependants": gettext_lazy("People who depend on them"),
    "with_adults": gettext_lazy("Adults with them"),
    "with_children": gettext_lazy("Children with them"),
    "with_older": gettext_lazy("People of 60 or older with them"),
    "nationality": gettext_lazy("Nationality"),
    "current_country": gettext_lazy("Now in"),
    "region": gettext_lazy("City or region"),
    "legal_status_current": gettext_lazy("Status there"),
    "location_type": gettext_lazy("Staying"),
    "shelter_nights_left": gettext_lazy("The place is certain for"),
    "last_harm": gettext_lazy("Last harm"),
    "last_harm_days_ago": gettext_lazy("When"),
    "threat_now": gettext_lazy("Threat now"),
    "threat_source": gettext_lazy("From"),
    "perpetrator_knows_location": gettext_lazy("They know the place"),
    "custody": gettext_lazy("Held by"),
    "dated_event": gettext_lazy("What is coming"),
    "outed": gettext_lazy("Who knows about them"),
    "publicly_named": gettext_lazy("Named in public"),
    "self_rated_danger": gettext_lazy("Their own rating"),
    "medical": gettext_lazy("Health"),
    "suicidality": gettext_lazy("Suicidal thoughts"),
    "survivor_torture_or_sv": gettext_lazy("Survivor of torture or sexual violence"),
    "disability": gettext_lazy("Disability"),
    "pregnant": gettext_lazy("Pregnant"),
    "unhcr_registered": gettext_lazy("Registered with UNHCR"),
    "trusted_person_nearby": gettext_lazy("A trusted person is near"),
    "money_days": gettext_lazy("The money lasts"),
    "evidence": gettext_lazy("Evidence"),
    "help_asked": gettext_lazy("Asks for"),
    "sogiesc": gettext_lazy("Words that fit"),
    "sogiesc_words": gettext_lazy("Other words"),
    "heard": gettext_lazy("How they heard of us"),
    "partner": gettext_lazy("Partner code"),
}

VALUES: dict[str, dict[str, Words]] = {
    "submitter": {
        "self": gettext_lazy("the person themself"),
        "partner": gettext_lazy("a partner"),
        "friend": gettext_lazy("a friend"),
    },
    "age_band": {
        "under_15": gettext_lazy("under 15"),
        "15_17": gettext_lazy("15 to 17"),
        "18_24": gettext_lazy("18 to 24"),
        "25_59": gettext_lazy("25 to 59"),
        "60_plus": gettext_lazy("60 or older"),
    },
    "legal_status_current": {
        "citizen": gettext_lazy("citizen"),
        "permanent_resident": gettext_lazy("permanent resident"),
        "resident": gettext_lazy("resident"),
        "temporary": gettext_lazy("temporary"),
        "undocumented": gettext_lazy("undocumented"),
        "asylum_seeker": gettext_lazy("asylum seeker"),
        "refugee_recognised": gettext_lazy("recognised refugee"),
        "stateless": gettext_lazy("stateless"),
    },
    "location_type": {
        "home": gettext_lazy("at home"),
        "hiding_private": gettext_lazy("hiding with somebody"),
        "shelter": gettext_lazy("in a shelter"),
        "safe_house": gettext_lazy("in a safe house"),
        "street": gettext_lazy("on the street"),
        "detention": gettext_lazy("in detention"),
        "family_confinement": gettext_lazy("locked in by the family"),
    },
    "last_harm": {
        "none": gettext_lazy("none"),
        "verbal": gettext_lazy("insults"),
        "outing": gettext_lazy("outed"),
        "doxxing": gettext_lazy("private details published"),
        "extortion": gettext_lazy("extortion"),
        "beating": gettext_lazy("beaten"),
        "sexual_violence": gettext_lazy("sexual violence"),
        "torture": gettext_lazy("torture"),
        "detention": gettext_lazy("detained"),
    },
    "threat_now": {
        "none": gettext_lazy("none"),
        "general": gettext_lazy("general"),
        "serious_harm": gettext_lazy("serious harm"),
        "death": gettext_lazy("death"),
    },
    "threat_source": {
        "family": gettext_lazy("family"),
        "community": gettext_lazy("the community"),
        "state": gettext_lazy("the state"),
        "armed_group": gettext_lazy("an armed group"),
    },
    "perpetrator_knows_location": {"yes": gettext_lazy("yes"), "no": gettext_lazy("no")},
    "custody": {
        "none": gettext_lazy("nobody"),
        "police": gettext_lazy("the police"),
        "prison": gettext_lazy("a prison"),
        "armed_group": gettext_lazy("an armed group"),
        "immigration_detention": gettext_lazy("immigration detention"),
        "family_confinement": gettext_lazy("the family"),
        "reporting_duty": gettext_lazy("nobody, but must report to the authorities"),
    },
    "outed": {"none": gettext_lazy("nobody"), "some": gettext_lazy("some people"), "public": gettext_lazy("everybody")},
    "self_rated_danger": {
        "0": gettext_lazy("0 of 4: safe"),
        "1": gettext_lazy("1 of 4"),
        "2": gettext_lazy("2 of 4"),
        "3": gettext_lazy("3 of 4"),
        "4": gettext_lazy("4 of 4: expects to be killed or badly hurt today or tomorrow"),
    },
    "medical": {
        "none": gettext_lazy("no need stated"),
        "chronic_untreated": gettext_lazy("a chronic illness without treatment"),
        "injury_needs_care": gettext_lazy("an injury that needs care"),
        "treatment_interrupted": gettext_lazy("a treatment that was interrupted"),
        "life_threatening": gettext_lazy("life-threatening"),
    },
    "suicidality": {"none": gettext_lazy("none"), "thoughts": gettext_lazy("thoughts"), "plan": gettext_lazy("a plan")},
    "evidence": {
        "none": gettext_lazy("none yet"),
        "some": gettext_lazy("some"),
        "strong": gettext_lazy("strong"),
        "contradictory": gettext_lazy("contradictory"),
    },
    "help_asked": {
        "relocation": gettext_lazy("relocation"),
        "shelter": gettext_lazy("shelter"),
        "cash": gettext_lazy("cash"),
        "medicine": gettext_lazy("medicine"),
        "health": gettext_lazy("health care"),
        "legal": gettext_lazy("legal help"),
        "stop_removal": gettext_lazy("stopping a removal"),
        "information": gettext_lazy("information"),
        "advice": gettext_lazy("advice"),
        "digital_security": gettext_lazy("digital security"),
        "resettlement": gettext_lazy("resettlement"),
        "family_reunion": gettext_lazy("family reunion"),
        "school": gettext_lazy("school"),
        "housing": gettext_lazy("housing"),
        "escape": gettext_lazy("a way to escape"),
        "leave": gettext_lazy("leaving the country"),
    },
    "sogiesc": {
        "lesbian": gettext_lazy("lesbian"),
        "gay": gettext_lazy("gay"),
        "bisexual": gettext_lazy("bisexual"),
        "trans_woman": gettext_lazy("trans woman"),
        "trans_man": gettext_lazy("trans man"),
        "trans": gettext_lazy("trans"),
        "nonbinary": gettext_lazy("non-binary"),
        "intersex": gettext_lazy("intersex"),
        "queer": gettext_lazy("queer"),
        "asexual": gettext_lazy("asexual"),
        "questioning": gettext_lazy("still finding out"),
        "ally": gettext_lazy("in danger because of somebody else, or of their work"),
        "prefer_not": gettext_lazy("would rather not say"),
    },
}

EVENTS: dict[str, Words] = {
    "none": gettext_lazy("nothing with a date"),
    "deportation": gettext_lazy("deportation"),
    "trial": gettext_lazy("trial"),
    "police_summons": gettext_lazy("police summons"),
    "forced_marriage": gettext_lazy("forced marriage"),
    "forced_examination": gettext_lazy("forced examination"),
    "eviction": gettext_lazy("eviction"),
    "treatment_ends": gettext_lazy("treatment ends"),
    "turns_18": gettext_lazy("turns 18"),
    "permit_ends": gettext_lazy("permit ends"),
    "one_year_window_ends": gettext_lazy("one-year window ends"),
}

COUNTRIES = frozenset({"nationality", "current_country"})
STABLE_NIGHTS = 365


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what is known: `value` empty means not stated, which is never "no"."""

    label: Words
    value: str


@dataclass(frozen=True, slots=True)
class FactGroup:
    title: Words
    facts: list[Fact]
    unknown: list[Words]


def in_words(facts: Mapping[str, Any], *, language: str, without: Collection[str] = ()) -> Iterator[FactGroup]:
    """Yield what was stated, grouped, and beside it the labels of what was not. Countries are named in `language`; of the keys
    in `without` nothing is said at all."""
    for title, every in GROUPS:
        keys = [key for key in every if key not in without]
        stated = [
            Fact(LABELS[key], value_in_words(key, facts[key], language=language)) for key in keys if facts.get(key) is not None
        ]
        yield FactGroup(title, stated, [LABELS[key] for key in keys if facts.get(key) is None])


def value_in_words(key: str, value: Any, *, language: str) -> str:
    """Return one stated value as words; a value that has none is shown as it is stored, so that nothing is hidden."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if key == "dated_event":
        events = value if isinstance(value, list) else [value]
        return "; ".join(_event_in_words(event) for event in events)
    if isinstance(value, list):
        return ", ".join(value_in_words(key, one, language=language) for one in value)
    if key in COUNTRIES:
        return str(codes.name(value, language))
    if key == "last_harm_days_ago":
        return _("today") if value == 0 else str(ngettext("%d day ago", "%d days ago", value) % value)
    if key == "shelter_nights_left":
        return _("stable") if value >= STABLE_NIGHTS else str(ngettext("%d night", "%d nights", value) % value)
    if key == "money_days":
        return str(ngettext("%d day", "%d days", value) % value)
    return str(VALUES.get(key, {}).get(str(value), value))


def _event_in_words(event: Mapping[str, Any]) -> str:
    name, days = str(EVENTS.get(event["type"], event["type"])), event.get("in_days")
    if days is None:
        return name
    if days < 0:
        return _("%(event)s (the date has gone by)") % {"event": name}
    when = _("today") if days == 0 else ngettext("in %d day", "in %d days", days) % days
    return f"{name} {when}"
