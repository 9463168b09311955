"""Names and document numbers written in a referral find the person from that moment on."""

import pytest

from intake import finding
from intake.finding import Known
from intake.models import IndexEntry
from referrals import actions
from referrals.known import numbers_in
from tests.factories.referrals import Crew, make_referral


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Passport A-1234567, expired", "A1234567"),
        ("passport a 1234567", "A1234567"),
        ("ID ١٢٣٤٥٦٧٨ (national)", "12345678"),
        ("123-45C00678", "12345C00678"),
    ],
)
def test_a_number_is_found_among_words(text: str, number: str) -> None:
    assert number in numbers_in(text)


@pytest.mark.parametrize("text", ["", "none", "expired in 2021", "two passports"])
def test_words_and_years_are_no_numbers(text: str) -> None:
    assert numbers_in(text) == set()


@pytest.mark.django_db
def test_what_is_written_in_a_referral_finds_the_person() -> None:
    crew = Crew.new()
    referral = make_referral(crew=crew)
    words = {"legal_name": "Selam Tesfaye", "documents": "Passport EP1234567"}
    actions.save_draft(referral, words=words, by=crew.officer.actor)
    for wanted in (Known(names={"ሰላም ተስፋዬ"}), Known(documents={"EP1234567"})):
        assert [row.person_id for row in finding.candidates(wanted, most=5)] == [referral.person_id]
    actions.save_draft(referral, words={"documents": "Passport EP7654321"}, by=crew.officer.actor)
    assert finding.candidates(Known(documents={"EP1234567"}), most=5) == []
    assert IndexEntry.objects.count() == 1
