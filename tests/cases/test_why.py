"""Why a case is as urgent as it is: what decides the band is never folded away."""

import pytest
from django.conf import settings
from django.utils import translation

from cases.models import UrgencyScore
from cases.why import Reason, parted, why_of
from rainbowrail.crypto import datakeys
from tests.factories.cases import EMERGENCY, make_case


def reasons(gates: int, floors: int, rest: int) -> list[Reason]:
    kinds = ["gate"] * gates + ["floor"] * floors + [""] * rest
    return [Reason(f"Reason {number}", kind) for number, kind in enumerate(kinds)]


@pytest.mark.parametrize(("gates", "floors", "rest"), [(0, 0, 0), (1, 2, 4), (2, 7, 6), (0, 0, 12), (9, 0, 0), (0, 1, 9)])
def test_a_long_list_is_parted_after_what_decides_and_loses_nothing(gates: int, floors: int, rest: int) -> None:
    every = reasons(gates, floors, rest)
    first, more = parted(every)
    assert first + more == every
    assert not any(reason.kind for reason in more)
    assert bool(more) is (len(every) > 7 and rest > 0 and len(first) < len(every))
    assert len(first) >= min(4, len(every))


@pytest.mark.django_db
def test_a_score_is_read_in_each_language_of_staff_whatever_was_spoken_when_it_was_made() -> None:
    with translation.override("fr"), datakeys.scope():
        case = make_case(EMERGENCY)
    said: dict[str, list[str]] = {}
    with datakeys.scope():
        score = UrgencyScore.objects.get(case=case)
        assert set(score.result["words"]) == set(settings.STAFF_LANGUAGES)
        for language in settings.STAFF_LANGUAGES:
            with translation.override(language):
                why = why_of(score)
                said[language] = [*(reason.sentence for reason in (*why.reasons, *why.more)), *why.questions]
    english, french = said["en"], said["fr"]
    assert english
    assert len(english) == len(french)
    assert not set(english) & set(french)


def test_a_short_list_stays_whole() -> None:
    every = reasons(1, 1, 5)
    assert parted(every) == (every, [])
