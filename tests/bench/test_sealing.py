"""How long sealing takes; `make bench` prints it, and a change that makes it ten times slower fails."""

import pytest

from rainbowrail.crypto import benchmarks

pytestmark = pytest.mark.heavy


def test_sealing_costs_microseconds_and_a_code_milliseconds(capsys: pytest.CaptureFixture[str]) -> None:
    measured = {measurement.name: measurement for measurement in benchmarks.sealing()}
    with capsys.disabled():
        print("\n" + "\n".join(map(str, measured.values())))  # noqa: T201 - what make bench is for

    assert measured["open a field of 500 bytes"].microseconds < 200
    assert measured["open a wrapped data key"].microseconds < 100
    assert measured["seal a box (once a request)"].microseconds < 5_000
    assert 2_000 < measured["stretch a return code (Argon2id)"].microseconds < 500_000
