from itertools import product

from cases.urgency.bands import Band, in_force, would_lower


def test_bands_rise_in_the_order_of_the_queue() -> None:
    assert [band.name for band in sorted(Band)] == ["EMERGENCY", "URGENT", "ELEVATED", "NORMAL"]
    assert [int(band) for band in sorted(Band)] == [0, 1, 2, 3]


def test_the_band_in_force_is_never_lowered_by_the_policy() -> None:
    for held, policy in product(Band, Band):
        now = in_force(held, policy)
        assert now in (held, policy)
        assert now <= held
        assert now <= policy


def test_before_the_first_scoring_the_policy_speaks_alone() -> None:
    assert all(in_force(None, band) is band for band in Band)


def test_those_whom_the_policy_would_lower_are_told_apart() -> None:
    assert would_lower(Band.EMERGENCY, Band.URGENT)
    assert not would_lower(Band.URGENT, Band.URGENT)
    assert not would_lower(Band.NORMAL, Band.URGENT)
