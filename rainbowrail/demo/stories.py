"""Invented situations: facts in the keys of the questionnaire, and a few words of one's own.

A situation says which facts go together, so that invented cases are believable: a person in detention has no rent to pay, a
person who is safe abroad asks about family. Unknown answers are as common as in real first contacts.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

type Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Situation:
    """One kind of situation: how often it occurs, its facts (a tuple is a choice), its words, what is asked for.

    `skipped` is the share of answers that people in it leave out at first contact; who is in no hurry answers more. `mean_age`:
    how many days ago such requests came, on average; the acute ones are of the last weeks, as after a new law.
    """

    weight: int
    facts: dict[str, Any]
    words: tuple[str, ...]
    help_asked: tuple[str, ...] = ("relocation",)
    skipped: float = 0.22
    mean_age: float = 110.0


ACUTE = 18.0  # days
# Who is in no danger says so, and the policy can believe it: it reads what is unknown with caution.
CALM: Facts = {
    "age_band": ("18_24", "25_59", "25_59"),
    "threat_now": "none",
    "last_harm": "none",
    "dated_event": {"type": "none"},
    "custody": "none",
    "medical": "none",
    "suicidality": "none",
    "outed": "none",
    "location_type": "home",
    "shelter_nights_left": (90, 365, 365),
    "self_rated_danger": (0, 1),
}

SITUATIONS: tuple[Situation, ...] = (
    Situation(
        4,
        {
            "custody": ("police", "prison"),
            "location_type": "detention",
            "last_harm": ("beating", "detention"),
            "last_harm_days_ago": range(9),
            "threat_now": ("serious_harm", "death"),
            "threat_source": "state",
            "perpetrator_knows_location": "yes",
            "outed": "public",
            "self_rated_danger": (3, 4),
        },
        (
            "My partner was taken at a party on Friday. I write for both of us; I could run, he could not.",
            "I am held since the raid. A guard lets me use this phone for money.",
        ),
        ("legal", "relocation"),
        mean_age=ACUTE,
    ),
    Situation(
        7,
        {
            "threat_now": "death",
            "threat_source": ("family", "community"),
            "perpetrator_knows_location": ("yes", "no"),
            "location_type": "hiding_private",
            "shelter_nights_left": range(6),
            "last_harm": "beating",
            "last_harm_days_ago": range(14),
            "outed": ("some", "public"),
            "self_rated_danger": (3, 4),
            "money_days": range(8),
            "trusted_person_nearby": (True, False),
        },
        (
            "My brothers found the photos. They told the street what they will do. I sleep at a friend's, he wants me gone.",
            "They come to the door every night and call my name. The landlord says I bring shame and must leave.",
        ),
        ("shelter", "relocation", "cash"),
        mean_age=ACUTE,
    ),
    Situation(
        4,
        {
            "dated_event": {"type": ("deportation", "trial"), "in_days": range(2, 40)},
            "legal_status_current": ("undocumented", "asylum_seeker"),
            "threat_now": ("general", "serious_harm"),
            "threat_source": "state",
            "location_type": ("detention", "home", "shelter"),
            "self_rated_danger": (2, 3),
        },
        (
            "I have a paper with a date. If they send me back, the police there already have my name.",
            "The hearing is soon and I have no lawyer who will say what I am.",
        ),
        ("stop_removal", "legal"),
        mean_age=ACUTE,
    ),
    Situation(
        4,
        {
            "dated_event": {"type": ("forced_marriage", "forced_examination"), "in_days": range(3, 50)},
            "threat_now": "serious_harm",
            "threat_source": "family",
            "location_type": ("family_confinement", "home"),
            "custody": ("family_confinement", "none"),
            "age_band": ("15_17", "18_24"),
            "minor_accompanied": (True, False),
            "self_rated_danger": (2, 3, 4),
        },
        ("The wedding is set. I cannot say no aloud in this house.", "My father took my phone; this is my cousin's."),
        ("escape", "shelter"),
        mean_age=ACUTE,
    ),
    Situation(
        9,
        {
            "threat_now": ("general", "serious_harm"),
            "threat_source": ("community", "family"),
            "last_harm": ("extortion", "outing", "doxxing"),
            "last_harm_days_ago": range(2, 120),
            "outed": ("some", "public"),
            "publicly_named": (True, False),
            "location_type": "home",
            "shelter_nights_left": (7, 20, 30, 60),
            "self_rated_danger": (1, 2, 3),
        },
        (
            "He has our chats and asks for money every week. I sold what I had. Next he will tell my office.",
            "My name and street were in a list that goes around. Strangers write what they would do.",
        ),
        ("digital_security", "relocation", "advice"),
    ),
    Situation(
        8,
        {
            "last_harm": ("beating", "sexual_violence", "torture"),
            "last_harm_days_ago": range(20, 400),
            "location_type": ("shelter", "hiding_private"),
            "shelter_nights_left": (10, 30, 60, 90),
            "survivor_torture_or_sv": True,
            "medical": ("none", "chronic_untreated", "injury_needs_care"),
            "suicidality": ("none", "thoughts"),
            "self_rated_danger": (1, 2, 3),
            "perpetrator_knows_location": "no",
        },
        (
            "What happened I will tell to a person, not a form. I am in a house with others like me until the month ends.",
            "I left after that night. I do not sleep. My leg did not heal well.",
        ),
        ("health", "relocation"),
    ),
    Situation(
        8,
        {
            "medical": ("treatment_interrupted", "chronic_untreated"),
            "location_type": ("home", "shelter", "hiding_private"),
            "threat_now": ("none", "general"),
            "shelter_nights_left": (5, 14, 60, 365),
            "money_days": range(30),
            "self_rated_danger": (0, 1, 2),
        },
        ("The clinic closed and my medicine ends this week.", "They ask for the name of my husband at the pharmacy now."),
        ("medicine", "cash"),
    ),
    Situation(
        13,
        {
            "legal_status_current": ("asylum_seeker", "temporary", "refugee_recognised"),
            "unhcr_registered": True,
            "location_type": ("home", "shelter"),
            "shelter_nights_left": (30, 90, 365),
            "threat_now": ("none", "general"),
            "last_harm": ("verbal", "beating"),
            "last_harm_days_ago": range(30, 700),
            "self_rated_danger": (1, 2),
            "dependants": (0, 0, 1, 2),
            "outed": ("some", "none"),
        },
        (
            "We fled one law and live under another. I have been registered for two years and nobody calls.",
            "In the block they know. We cook at night. My daughter is four and asks why.",
        ),
        ("resettlement", "housing", "information"),
    ),
    Situation(
        8,
        {
            "location_type": "street",
            "money_days": range(3),
            "trusted_person_nearby": False,
            "last_harm": ("verbal", "beating", "none"),
            "last_harm_days_ago": range(5, 60),
            "threat_now": ("general", "none"),
            "age_band": ("18_24", "25_59", "60_plus"),
            "self_rated_danger": (1, 2, 3),
        },
        (
            "I sleep behind the bus park. I charge this phone at the mosque.",
            "Since they put me out I stay where I can. I am sixty-three.",
        ),
        ("shelter", "cash"),
    ),
    Situation(
        15,
        CALM | {"publicly_named": False, "money_days": (30, 90, 365)},
        (
            "Nobody knows about me. I want to know if there is a country where I can study and not lie.",
            "I am safe today. I want to know what is possible before it is too late.",
            "I teach. If the new law passes I must leave, and I would rather know the way before.",
        ),
        ("information", "advice"),
        skipped=0.03,
    ),
    Situation(
        8,
        CALM
        | {
            "threat_now": ("none", "general"),
            "last_harm": ("none", "verbal"),
            "last_harm_days_ago": range(100, 700),
            "outed": ("none", "some"),
            "self_rated_danger": (0, 1, 2),
        },
        (
            "They make jokes at work and I laugh with them. I ask myself how long.",
            "My sister knows. She says to wait. I want to hear it from somebody who knows the ways out.",
        ),
        ("information", "leave"),
    ),
    Situation(
        5,
        {
            "suicidality": ("thoughts", "plan"),
            "location_type": "home",
            "threat_now": "general",
            "threat_source": "family",
            "self_rated_danger": (1, 2, 3),
            "age_band": ("15_17", "18_24"),
            "minor_accompanied": (True, False),
        },
        (
            "I am tired of the room and the praying over me. I do not know how long I can.",
            "They send me to a man who hits it out of people. After the last time I wrote a goodbye.",
        ),
        ("advice", "leave"),
        mean_age=ACUTE,
    ),
    Situation(
        4,
        {
            "submitter": ("friend", "partner"),
            "threat_now": ("serious_harm", "death"),
            "location_type": ("unknown", "hiding_private"),
            "last_harm": "beating",
            "last_harm_days_ago": range(1, 30),
            "self_rated_danger": (3,),
        },
        ("I write for a friend who cannot hold a phone. She does not know yet what you can do.",),
        ("relocation", "information"),
        mean_age=ACUTE,
    ),
    Situation(
        6,
        CALM
        | {
            "legal_status_current": ("refugee_recognised", "permanent_resident"),
            "shelter_nights_left": 365,
            "dated_event": {"type": "one_year_window_ends", "in_days": range(20, 200)},
            "self_rated_danger": 0,
            "dependants": (1, 2),
        },
        ("I arrived. My partner is still there and I did not dare to name him when they asked.",),
        ("family_reunion",),
        skipped=0.08,
    ),
    Situation(
        18,
        {"self_rated_danger": (1, 2, 3)},
        ("Please help. I cannot write much.", "", "Can someone speak with me?"),
        ("relocation",),
    ),
)
_SITUATION_WEIGHTS = tuple(situation.weight for situation in SITUATIONS)
_COMMON: Facts = {
    "submitter": ("self", "self", "self", "self", "self", "self", "self", "self", "friend"),
    "age_band": ("18_24", "18_24", "25_59", "25_59", "25_59", "25_59", "60_plus", "15_17", "unknown"),
    "legal_status_current": ("citizen", "citizen", "undocumented", "temporary", "unknown"),
    "dependants": (0, 0, 0, 0, 1, 2, 3),
    "evidence": ("none", "some", "strong"),
    "disability": (False, False, False, False, True),
    "pregnant": (False, False, False, False, False, False, True),
    "unhcr_registered": (False, False, True),
    "trusted_person_nearby": (True, False),
}


@dataclass(frozen=True, slots=True)
class Story:
    """What somebody invented tells us: facts in the keys of the questionnaire, own words, help asked for."""

    facts: Facts
    own_words: str
    mean_age: float


def _pick(value: object, random: Random) -> Any:
    if isinstance(value, tuple | range):
        return random.choice(value)
    if isinstance(value, dict):
        return {key: _pick(inner, random) for key, inner in value.items()}
    return value


def invent_story(random: Random) -> Story:
    """Return an invented story; some of the answers are left out, as in life."""
    situation = random.choices(SITUATIONS, weights=_SITUATION_WEIGHTS)[0]
    facts = {key: _pick(value, random) for key, value in {**_COMMON, **situation.facts}.items()}
    kept = {key: value for key, value in facts.items() if random.random() > situation.skipped}
    if kept.get("last_harm") in {None, "none"}:
        kept.pop("last_harm_days_ago", None)
    if kept.get("age_band") not in {"under_15", "15_17"}:
        kept.pop("minor_accompanied", None)
    if kept.get("threat_now") in {None, "none"}:
        kept.pop("threat_source", None)
    kept["help_asked"] = list(situation.help_asked)
    return Story(facts=kept, own_words=random.choice(situation.words), mean_age=situation.mean_age)
