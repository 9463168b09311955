"""Why a case is as urgent as it is: what decides the band is never folded away."""

import pytest

from cases.why import Reason, parted


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


def test_a_short_list_stays_whole() -> None:
    every = reasons(1, 1, 5)
    assert parted(every) == (every, [])
