"""Reasons and questions, in the order a caseworker reads them."""

from django.utils import translation

from cases.urgency.policy import load
from tests.cases.urgency.situations import CALM, CLASS_4, calm_but, event, scored


def test_reasons_come_as_gates_floors_factors_by_contribution_and_then_the_unknown() -> None:
    result = calm_but(
        threat_now="death",
        perpetrator_knows_location="yes",
        self_rated_danger=3,
        current_country=CLASS_4,
        dated_event=None,
        outed="some",
    )
    assert result.reasons == [
        "Threatened with death by somebody who knows where the person is.",
        "Threatened with death.",
        "Outed or publicly named in a country whose law is against the person.",
        "The person rates their own danger 3 of 4.",
        f"Threat adds {result.factors['T'].contribution} to the score: "
        "threatened with death; those who threaten know the place.",
        f"Exposure adds {result.factors['X'].contribution} to the score: "
        "death penalty possible where the person is, or an alert for that country.",
        f"Own rating adds {result.factors['S'].contribution} to the score: the person rates their danger 3 of 4.",
        f"Not known: dated events. Dated harm adds {result.factors['D'].contribution} to the score until somebody says.",
    ]


def test_every_need_that_counts_is_named() -> None:
    (reason,) = calm_but(pregnant=True, dependants=2).reasons
    assert reason.endswith("pregnant; others depend on the person.")


def test_there_is_always_a_reason() -> None:
    assert calm_but().reasons == ["Nothing that was said calls for more than the usual order."]


def test_a_duty_to_report_is_named_and_asked_about_and_changes_no_number() -> None:
    reporting, free = calm_but(custody="reporting_duty"), calm_but()
    assert "The person must report to an authority. This is not counted as being held." in reporting.reasons
    assert "Where, to whom and how often must the person report, and what happens if they do not come?" in reporting.questions
    assert (reporting.band, reporting.score) == (free.band, free.score)


def test_a_permit_that_has_run_out_is_a_question_only() -> None:
    gone = calm_but(dated_event=event("permit_ends", -2))
    assert gone.questions == ["Was the permit renewed, and what is the person's status now?"]
    assert (gone.band, gone.score) == (calm_but().band, calm_but().score)


def test_a_birthday_that_has_gone_by_is_a_question_only() -> None:
    gone = calm_but(dated_event=event("turns_18", -2))
    assert gone.questions == ["What changed for the person at 18: shelter, guardian, status?"]
    assert gone.floors == []


def test_a_harm_whose_day_has_gone_by_asks_what_happened() -> None:
    assert "What happened on the day that has gone by?" in calm_but(dated_event=event("trial", -2)).questions
    assert calm_but(dated_event=event("trial", 0)).questions == []


def test_the_one_year_window_raises_neither_question_nor_reason() -> None:
    assert calm_but(dated_event=event("one_year_window_ends", -2)).as_json() == calm_but().as_json()


def test_violence_without_a_date_asks_when() -> None:
    assert "When did the violence happen?" in calm_but(last_harm="beating", last_harm_days_ago=None).questions


def test_the_first_question_is_the_pivotal_one_and_none_is_asked_twice() -> None:
    nothing_said = scored({})
    assert nothing_said.questions[0] == load().answers["dated_event"].asks
    assert len(set(nothing_said.questions)) == len(nothing_said.questions)


def test_nothing_is_asked_when_everything_is_known() -> None:
    assert calm_but().questions == []


def test_sentences_never_repeat_an_answer_that_could_point_to_a_person() -> None:
    result = scored(CALM | {"nationality": "UGA", "current_country": "KEN", "legal_status_current": "asylum_seeker"})
    text = " ".join([*result.reasons, *result.questions])
    assert not any(word in text for word in ("UGA", "KEN", "Uganda", "Kenya", "asylum"))


def test_another_language_changes_sentences_and_no_number() -> None:
    english = calm_but(threat_now="death").as_json()
    with translation.override("fr"):
        french = calm_but(threat_now="death").as_json()
    for key in ("band", "score", "gates", "floors", "factors", "pivotal_question"):
        assert french[key] == english[key]
