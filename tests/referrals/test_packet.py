import json
from dataclasses import fields, replace

import pytest

from referrals.casefile import CaseFile
from referrals.packet import build
from referrals.programmes import PROGRAMMES, programme
from tests.referrals.casefiles import CODE_WORD, CONSENT, HOUSE, PHONE, case_file

GAR = programme("canada_gar")


def words_of(case: CaseFile) -> str:
    return json.dumps(build(case, GAR).as_data(), ensure_ascii=False)


def test_the_parts_stand_in_the_order_of_the_programme() -> None:
    assert "".join(part.letter for part in build(case_file(), GAR).parts) == "ABCDEFGHIJK"


def test_the_cover_names_the_officer_and_never_the_person() -> None:
    packet = build(case_file(), GAR)
    cover = " ".join(entry.value for entry in packet.cover)
    assert "eli@office.example" in cover
    assert "Ndiaye" not in cover
    assert "Ade" not in cover


def test_a_part_the_person_did_not_allow_is_empty_whatever_was_written_in_it() -> None:
    consent = replace(CONSENT, parts=frozenset("BCDE"))
    packet = build(case_file(consent=consent, account={"needs": "An illness of the blood."}), GAR)
    assert packet.part("F").entries == ()
    assert packet.part("F").absent
    assert "illness" not in json.dumps(packet.as_data())


def test_without_consent_nothing_about_the_person_is_told() -> None:
    words = words_of(case_file(consent=None))
    assert "Ndiaye" not in words
    assert "brothers" not in words


def test_a_thing_the_programme_does_not_ask_for_is_not_told() -> None:
    words = words_of(
        case_file(
            identity={"telephone": PHONE},
            account={"notes": "what we think"},
            answers={"location_type": "safe_house", "region": HOUSE},
        )
    )
    assert PHONE not in words
    assert "what we think" not in words
    assert "safe_house" not in words
    assert HOUSE not in words


def test_a_case_file_has_no_place_for_contact_data() -> None:
    names = {field.name for field in fields(CaseFile)}
    assert not names & {"contact", "contact_plan", "phone", "email", "address", "notes", "messages", "score", "reasons"}


def test_own_words_are_quoted_only_when_the_officer_says_so_and_keep_their_language() -> None:
    assert "خائف" not in words_of(case_file())
    packet = build(case_file(account={"quote_own_words": "yes"}), GAR)
    quoted = packet.part("D").entries[-1]
    assert (quoted.key, quoted.language) == ("own_words", "ar")


def test_the_priority_is_the_offices_word_and_not_our_score() -> None:
    part = build(case_file(band=0), GAR).part("A")
    assert [entry.value for entry in part.entries if entry.key == "priority"] == ["Emergency (departure within 7 days)"]


def test_what_the_law_says_is_told_only_when_an_officer_checked_it_and_with_its_source() -> None:
    told = words_of(case_file())
    assert "14 years of imprisonment" in told
    assert "ILGA World Database (2026-01-01)" in told
    assert "14 years" not in words_of(case_file(account={"quote_law": ""}))


def test_a_tick_that_only_the_linter_reads_is_not_printed() -> None:
    assert "relatives_asked" not in words_of(case_file())


def test_equal_cases_have_equal_digests_and_the_day_does_not_count() -> None:
    approved = build(case_file(), GAR).digest()
    assert build(case_file(version=2, made_on=CONSENT.given_on), GAR).digest() == approved
    assert build(case_file(account={"claim": "Something else."}), GAR).digest() != approved
    assert build(case_file(consent=replace(CONSENT, parts=frozenset("BCDEF"))), GAR).digest() != approved


@pytest.mark.parametrize("one", PROGRAMMES.values(), ids=lambda one: one.slug)
def test_every_programme_is_whole(one: object) -> None:
    assert one == programme(one.slug)  # type: ignore[attr-defined]
    letters = [section.letter for section in one.sections]  # type: ignore[attr-defined]
    keys = [asked.key for asked in one.fields]  # type: ignore[attr-defined]
    assert len(set(letters)) == len(letters)
    assert len(set(keys)) == len(keys)
    assert {asked.part for asked in one.fields} <= set(letters)  # type: ignore[attr-defined]
    assert set(one.priorities) == {0, 1, 2, 3}  # type: ignore[attr-defined]
    assert one.source  # type: ignore[attr-defined]


def test_code_words_never_stand_in_a_packet() -> None:
    assert CODE_WORD not in words_of(case_file(account={"quote_own_words": "yes"}))
