"""What sealing costs one whole request: sent by the applicant's side, opened and made a case by the worker's.

The values that pass through AES-GCM and the boxes are noted on the way, and then sealed once more by bare AES-GCM, in the same
run: the same bytes, without formats, bindings, post-quantum boxes and the database.
"""

import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from intake import actions
from intake.drain import drain
from rainbowrail.crypto import aead, datakeys, hpke
from tests.factories.intake import draft

pytestmark = [pytest.mark.heavy, pytest.mark.django_db(transaction=True)]
REQUESTS = 40
WARM_UP = 3


@dataclass
class Passed:
    """What passed through the ciphers: the plaintexts, and the seconds spent in them."""

    values: list[bytes] = field(default_factory=list)
    seconds: float = 0.0


@contextmanager
def noted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Passed]:
    """Note every value that is sealed or opened and the time it takes."""
    passed = Passed()

    def timed(call: Callable[..., bytes], plaintext_of: Callable[[tuple[Any, ...], bytes], bytes]) -> Callable[..., bytes]:
        def called(*args: Any, **kwargs: Any) -> bytes:
            start = time.perf_counter()
            result = call(*args, **kwargs)
            passed.seconds += time.perf_counter() - start
            passed.values.append(bytes(plaintext_of(args, result)))
            return result

        return called

    with monkeypatch.context() as patch:
        for module, sealing, opening in ((aead, "seal", "open_sealed"), (hpke, "seal", "open_box")):
            patch.setattr(module, sealing, timed(getattr(module, sealing), lambda args, result: args[1]))
            patch.setattr(module, opening, timed(getattr(module, opening), lambda args, result: result))
        yield passed


def bare(values: list[bytes]) -> float:
    """Return the seconds in which bare AES-GCM seals these values: the median of some turns."""
    cipher, nonce = AESGCM(secrets.token_bytes(32)), secrets.token_bytes(12)
    turns = []
    for _turn in range(9):
        start = time.perf_counter()
        for value in values:
            cipher.encrypt(nonce, value, None)
        turns.append(time.perf_counter() - start)
    return statistics.median(turns)


def test_sealing_is_a_small_part_of_a_request(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lines = []
    took: dict[str, list[float]] = {"send": [], "drain": []}
    ciphers: dict[str, list[Passed]] = {"send": [], "drain": []}
    for turn in range(WARM_UP + REQUESTS):
        opened = draft()
        for what in took:
            with noted(monkeypatch) as passed:
                start = time.perf_counter()
                if what == "send":
                    with datakeys.scope(), transaction.atomic():
                        visit = actions.submit(opened, answers=opened.answers, language="en")
                else:
                    drain(subject_id=visit.person_id)
                seconds = time.perf_counter() - start
            if turn >= WARM_UP:
                took[what].append(seconds)
                ciphers[what].append(passed)
    for what, seconds_each in took.items():
        whole = statistics.median(seconds_each) * 1e3
        sealing = statistics.median(passed.seconds for passed in ciphers[what]) * 1e3
        values = ciphers[what][-1].values
        alone = bare(values) * 1e3
        size = sum(map(len, values))
        lines.append(
            f"{what} one request: {whole:.1f} ms, of it {sealing:.2f} ms in ciphers ({sealing / whole:.0%}); "
            f"bare AES-GCM on the same {len(values)} values, {size} bytes: {alone:.3f} ms"
        )
        assert values, "the ciphers were watched"
        assert sealing < whole / 2
    with capsys.disabled():
        print("\n" + "\n".join(lines))  # noqa: T201 - what make bench is for
