"""Which unknown answer is asked for first."""

from cases.urgency.facts import KEYS
from tests.cases.urgency.situations import CLASS_0, CLASS_4, calm_but, event, scored


def test_when_nothing_is_known_a_dated_harm_could_change_most() -> None:
    # Custody, place, health, suicide and a deportation could each make it an EMERGENCY; the deportation raises the score most.
    assert scored({}).pivotal_question == "dated_event"


def test_the_largest_rise_of_band_wins_over_the_largest_rise_of_score() -> None:
    # Nights at 0 would add more points; a plan of suicide would make it an EMERGENCY.
    result = calm_but(shelter_nights_left=None, trusted_person_nearby=None, suicidality=None, self_rated_danger=None)
    assert result.pivotal_question == "suicidality"


def test_within_one_rise_of_band_the_largest_rise_of_score_wins() -> None:
    assert calm_but(disability=None, current_country=None, outed="some").pivotal_question == "current_country"


def test_a_tie_goes_to_the_first_in_the_order_of_the_key_table() -> None:
    assert calm_but(pregnant=None, disability=None).pivotal_question == "disability"
    assert calm_but(evidence=None, submitter=None).pivotal_question == "submitter"


def test_it_is_never_empty_while_an_answer_is_unknown() -> None:
    for key in KEYS:
        assert calm_but(**{key: None}).pivotal_question == key


def test_it_is_empty_when_everything_is_known() -> None:
    assert calm_but().pivotal_question is None


def test_a_harm_without_its_day_is_still_a_question() -> None:
    assert calm_but(dated_event=event("deportation", None)).pivotal_question == "dated_event"


def test_for_a_country_the_worst_law_is_tried_and_for_nationality_another_country() -> None:
    unknown_here = calm_but(current_country=None, outed="some", unhcr_registered=None)
    assert unknown_here.pivotal_question == "current_country"
    foreign = calm_but(
        nationality=None, current_country=CLASS_0, legal_status_current="temporary", outed="some", unhcr_registered=None
    )
    assert foreign.pivotal_question == "nationality"
    assert calm_but(current_country=CLASS_4, outed=None, submitter=None).pivotal_question == "outed"
