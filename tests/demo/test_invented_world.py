"""The invented world is believable, and the same seed always invents the same one."""

from collections import Counter
from datetime import UTC, datetime
from random import Random

from cases.states import CaseState
from cases.urgency.bands import Band
from cases.urgency.facts import UrgencyFacts
from cases.urgency.score import score
from intake.answers import facts_of
from rainbowrail.countries.codes import is_code
from rainbowrail.demo.caseload import _stored
from rainbowrail.demo.lives import AIM, Life, invent_arrival, invent_life
from rainbowrail.demo.people import CITIES, ORIGINS, invent_person
from rainbowrail.demo.stories import invent_story

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


def life(random: Random) -> tuple[Band, Life]:
    """Invent one case as the caseload does, without a database."""
    story = invent_story(random)
    received_at = invent_arrival(random, mean_age=story.mean_age, now=NOW)
    person, day = invent_person(random), received_at.date()
    countries = {"current_country": person.current_country, "nationality": person.nationality}
    facts = facts_of({**_stored(story.facts, day), **countries}, today=day)
    band = score(UrgencyFacts.from_answers(facts), today=day).band
    return band, invent_life(random, received_at=received_at, band=band, now=NOW)


def test_the_same_seed_gives_the_same_people_stories_and_lives() -> None:
    def invent(seed: int) -> list[object]:
        random = Random(seed)
        return [(invent_person(random), invent_story(random), life(random)) for _ in range(50)]

    assert invent(4) == invent(4)
    assert invent(4) != invent(5)


def test_the_bands_of_open_cases_are_those_of_a_desk_that_copes() -> None:
    """Near 5 % emergency, 20 % urgent, 50 % elevated, 25 % normal: over-use would destroy the levels."""
    random = Random(11)
    lives = [life(random) for _ in range(4000)]
    bands = Counter(band for band, one in lives if one.state is not CaseState.CLOSED)
    share = {band: bands[band] / bands.total() for band in Band}
    assert 0.03 < share[Band.EMERGENCY] < 0.09
    assert 0.14 < share[Band.URGENT] < 0.26
    assert 0.40 < share[Band.ELEVATED] < 0.56
    assert 0.20 < share[Band.NORMAL] < 0.34


def test_every_life_is_one_that_the_workflow_allows() -> None:
    from cases.workflow import MOVES

    allowed = {(move.name, left, move.enters) for move in MOVES for left in move.leaves}
    random = Random(12)
    states = set()
    for _ in range(1500):
        _band, one = life(random)
        states.add(one.state)
        moments = [one.received_at, *(step.at for step in one.steps), NOW]
        assert moments == sorted(moments)
        assert all((step.name, step.left, step.entered) in allowed for step in one.steps)
        assert one.state == (one.steps[-1].entered if one.steps else CaseState.RECEIVED)
        assert (one.close_reason is not None) == (one.state is CaseState.CLOSED)
    assert states == set(CaseState)


def test_few_emergencies_stay_open_long_after_their_aim() -> None:
    random = Random(13)
    open_lives = [one for band, one in (life(random) for _ in range(6000)) if band is Band.EMERGENCY]
    late = [
        one
        for one in open_lives
        if one.state is not CaseState.CLOSED and (NOW - one.received_at).total_seconds() > 3 * 3600 * AIM[Band.EMERGENCY]
    ]
    assert len(late) < 0.05 * len(open_lives)


def test_everybody_comes_from_and_is_in_a_country_of_the_list() -> None:
    for origin in ORIGINS:
        assert is_code(origin.country)
        for country in origin.whereabouts:
            assert is_code(country)
            assert CITIES[country]
