"""Whom one can call, by country: dated, honest about how sure we are, and never a way into the hands of the police."""

from typing import Any

import pytest

from intake.crisis import local_advice
from rainbowrail.countries import codes
from rainbowrail.countries.emergency import emergencies, emergency, police_may_harm
from rainbowrail.countries.hazards import hazards
from tests.clients import PublicClient
from tests.intake.test_applicant_journey import browser, step, text_of

__all__ = ["browser"]


def test_every_row_is_of_a_known_country_dated_sourced_and_holds_a_number() -> None:
    assert len(emergencies()) > 150
    for code, row in emergencies().items():
        assert codes.is_code(code)
        assert row.source and row.as_of and row.confidence in {"read", "recalled"}
        numbers = [row.general, row.police, row.ambulance]
        assert any(numbers)
        assert all(number.isdigit() and 2 <= len(number) <= 5 for number in numbers if number), code
        assert row.despair.replace(" ", "").isdigit() or not row.despair


def test_the_police_are_a_danger_wherever_the_law_is_against_people() -> None:
    for code, row in hazards().rows.items():
        assert police_may_harm(code) or row.criminalised == "no"
    assert police_may_harm("UGA") and not police_may_harm("CAN") and police_may_harm("XXX")


@pytest.mark.parametrize("code", [code for code in hazards().rows if police_may_harm(code)])
def test_nobody_is_handed_the_number_of_a_police_that_may_harm_them(code: str) -> None:
    local = local_advice({"current_country": code}, language="en")
    assert local is not None
    assert local.beware and not local.police


def test_a_danger_from_the_state_makes_any_police_one_to_beware_of() -> None:
    local = local_advice({"current_country": "CHE", "threat_source": "state"}, language="en")
    assert local is not None and local.beware and not local.police
    safe = local_advice({"current_country": "CHE"}, language="en")
    assert safe is not None and not safe.beware and safe.police == "117"


@pytest.mark.parametrize("answers", [{}, {"current_country": None}, {"current_country": "XX"}])
def test_without_a_country_there_is_no_local_advice(answers: dict[str, Any]) -> None:
    assert local_advice(answers, language="en") is None


def test_a_country_without_numbers_says_so() -> None:
    unknown = next(code for code in hazards().rows if emergency(code) is None)
    local = local_advice({"current_country": unknown}, language="en")
    assert local is not None and local.as_of is None and not local.number


@pytest.mark.django_db
def test_the_page_asks_for_the_country_while_it_is_unknown_and_then_shows_its_numbers(browser: PublicClient) -> None:
    address = step(browser, "s01", self_rated_danger="4").headers["Location"]
    page = browser.get(address)
    assert "Show numbers for this country" in text_of(page)
    assert browser.post(address, {"revision": "1", "current_country": "CHE"}).headers["Location"] == address
    said = text_of(browser.get(address))
    assert "Switzerland" in said and "117" in said and "144" in said
    assert "Switzerland" in text_of(browser.get(browser.url("intake:check")))


@pytest.mark.django_db
def test_where_the_law_is_against_them_the_page_warns_and_still_goes_on(browser: PublicClient) -> None:
    step(browser, "s09", current_country="UGA")
    address = step(browser, "s01", self_rated_danger="3").headers["Location"]
    page = browser.get(address)
    said = text_of(page)
    assert "The police there may be a danger to you" in said
    assert "the police may come too" in said
    assert browser.url("intake:step", "s02") in page.content.decode()


@pytest.mark.django_db
def test_despair_is_met_with_a_line_of_the_country_where_we_know_one(browser: PublicClient) -> None:
    step(browser, "s09", current_country="BRA")
    address = step(browser, "s23", suicidality="plan").headers["Location"]
    assert "Somebody to talk to: 188" in text_of(browser.get(address))


@pytest.mark.django_db
def test_the_page_of_a_filer_says_for_whom_it_is(browser: PublicClient) -> None:
    step(browser, "s04", submitter="friend")
    address = step(browser, "s01", self_rated_danger="4").headers["Location"]
    assert "This is for the person you write for" in text_of(browser.get(address))
    assert browser.get(browser.url("intake:advice", "s99")).status_code == 404
