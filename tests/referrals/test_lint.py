from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from referrals.casefile import Withheld
from referrals.lint import Kind, lint, sentences
from referrals.packet import build
from referrals.programmes import programme
from tests.referrals.casefiles import CODE_WORD, CONSENT, HOUSE, PHONE, TODAY, WITHHELD, case_file

GAR = programme("canada_gar")


def findings(*, today: date = TODAY, withheld: Withheld = WITHHELD, **changes: Any) -> list[tuple[Kind, str, str]]:
    case = case_file(**changes)
    found = lint(build(case, GAR), case=case, programme=GAR, withheld=withheld, today=today)
    assert all(finding.sentence for finding in found)
    return [(finding.kind, finding.place, finding.key) for finding in found]


def test_a_complete_packet_has_no_findings() -> None:
    assert findings() == []


def test_consent_must_be_there_and_hold_and_be_to_the_present_text() -> None:
    assert (Kind.CONSENT_MISSING, "", "") in findings(consent=None)
    assert findings(today=date(2027, 11, 10)) == []
    assert findings(today=date(2027, 11, 11)) == [(Kind.CONSENT_ENDED, "", "")]
    assert findings(consent=replace(CONSENT, text_version="canada-gar.0")) == [(Kind.CONSENT_OTHER_TEXT, "", "")]


def test_a_required_part_without_consent_blocks() -> None:
    assert findings(consent=replace(CONSENT, parts=frozenset("BCDEG"))) == [(Kind.PART_WITHOUT_CONSENT, "F", "")]


def test_an_optional_part_without_consent_does_not_block() -> None:
    assert findings(consent=replace(CONSENT, parts=frozenset("BCDEF"))) == []


@pytest.mark.parametrize("key", [asked.key for asked in GAR.fields if asked.required])
def test_every_required_answer_blocks_when_it_is_missing(key: str) -> None:
    asked = GAR.asked(key)
    changes = {"identity" if asked.is_identity else "account": {key: ""}}
    assert (Kind.FIELD_MISSING, asked.part, key) in findings(**changes)


def test_the_person_must_be_outside_the_country_of_their_nationality() -> None:
    assert findings(answers={"current_country": "UGA"}) == [(Kind.INSIDE_COUNTRY_OF_ORIGIN, "E", "")]
    assert findings(answers={}) == [(Kind.PRESENT_COUNTRY_UNKNOWN, "E", "")]


def test_a_child_needs_a_guardian() -> None:
    assert findings(identity={"born_on": "2008-11-22"}) == [(Kind.CHILD_WITHOUT_GUARDIAN, "B", "")]
    assert findings(identity={"born_on": "2008-11-21"}) == []
    assert findings(identity={"born_on": "2010-01-01"}, consent=replace(CONSENT, by_guardian=True)) == []


@pytest.mark.parametrize(
    "words",
    [
        f"Call {PHONE}.",
        "Call 0700123456 in the evening.",
        "Ring 0700-123-456",
        "٠٧٠٠ ١٢٣ ٤٥٦",
        "write to ade.secret@example.net",
        "another@example.com",
        "on Instagram @somebody_else",
        "t.me/whoever",
        "number ７００１２３４５６",
        "New number 0041 79 555 66 77",
    ],
)
def test_a_way_to_reach_somebody_is_found_in_any_writing(words: str) -> None:
    assert findings(account={"claim": words}) == [(Kind.CONTACT_INSIDE, "D", "claim")]


@pytest.mark.parametrize(
    "words",
    [
        "Between 2019-01-02 and 2020-03-04 nothing happened.",
        "In 2019, 2020 and 2021 they moved three times.",
        "On 12/03/2024 - 15/03/2024 the court sat.",
        "He was held for 9 days and paid 250 000 shillings.",
        "Section 162 of the Penal Code, 14 years.",
        "It was at 3.30 in the night.",
    ],
)
def test_days_sums_and_sections_are_no_telephone_numbers(words: str) -> None:
    assert findings(account={"claim": words}) == []


def test_document_numbers_are_let_through_but_the_persons_own_number_is_not() -> None:
    assert findings(identity={"documents": "Passport 123456789012"}) == []
    assert findings(identity={"documents": f"Passport, {PHONE}"}) == [(Kind.CONTACT_INSIDE, "B", "documents")]


def test_a_safe_house_is_found_whatever_the_case_and_spaces() -> None:
    assert findings(account={"host_situation": f"They sleep in {HOUSE.upper()}."}) == [
        (Kind.PLACE_INSIDE, "E", "host_situation")
    ]
    assert findings(account={"host_situation": "at -1.28333, 36.81667"}) == [(Kind.PLACE_INSIDE, "E", "host_situation")]


def test_a_code_word_is_found() -> None:
    assert findings(account={"needs": f"Say “{CODE_WORD}”."}) == [(Kind.CODE_WORD_INSIDE, "F", "needs")]


def test_own_words_are_read_too_when_they_are_quoted() -> None:
    assert findings(own_words=f"اتصل بي {PHONE}") == []
    assert findings(own_words=f"اتصل بي {PHONE}", account={"quote_own_words": "yes"}) == [
        (Kind.CONTACT_INSIDE, "D", "own_words")
    ]


def test_a_finding_never_repeats_what_it_found() -> None:
    case = case_file(account={"claim": f"Call {PHONE}"})
    for finding in lint(build(case, GAR), case=case, programme=GAR, withheld=WITHHELD, today=TODAY):
        assert PHONE not in repr(finding) + finding.sentence


def test_every_kind_of_finding_has_a_sentence() -> None:
    assert set(sentences()) == set(Kind)
