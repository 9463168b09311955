"""A flood slows everybody by some seconds, or some minutes without script, and refuses nobody."""

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
import redis as redis_client
import time_machine
from django.conf import LazySettings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from intake import access, actions, flood, limiter, marks, puzzle, turns
from intake.marks import Mark
from intake.models import Delivery, Draft
from intake.opened import OpenDraft
from tests.clients import PUBLIC_URLS
from tests.factories.intake import draft
from tests.roles import AsRole

pytestmark = pytest.mark.django_db
NOON = "2026-11-21T12:00:10Z"


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch, settings: LazySettings, redis: "redis_client.Redis[bytes]") -> None:
    monkeypatch.setattr(limiter, "_alone", limiter._Alone())
    monkeypatch.setattr(limiter, "_flags_alone", {})
    monkeypatch.setattr(limiter, "_rest_until", 0.0)
    limiter._client.cache_clear()
    settings.PUZZLE_BITS = 6
    settings.FLOOD_A_MINUTE = 4


@pytest.fixture
def no_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def pipeline(self, **_: Any) -> Any:
            raise redis_client.ConnectionError("gone")

        set = get = exists = pipeline

    monkeypatch.setattr(limiter, "_client", Gone)


def flood_now() -> None:
    limiter.raise_flag(flood.FLAG, seconds=flood.CALM_SECONDS)


def solution(opened: OpenDraft, bits: int = 6) -> str:
    """What the script on the page finds."""
    challenge, numbers = puzzle.challenge_of(opened.row.id), []
    for part in range(puzzle.PARTS):
        number = 0
        while int.from_bytes(sha256(f"{challenge}:{part}:{number}".encode()).digest()[:4]) >> (32 - bits):
            number += 1
        numbers.append(str(number))
    return ",".join(numbers)


@pytest.fixture
def sender(public_client: Client) -> Callable[[OpenDraft], Client]:
    """This draft's browser."""

    def of(opened: OpenDraft) -> Client:
        class Jar:
            cookies: dict[str, str] = {}

            def set_cookie(self, name: str, value: str, **_: Any) -> None:
                public_client.cookies[name] = value

        access.remember(Jar(), opened.secret)  # type: ignore[arg-type]
        return public_client

    return of


def send(client: Client, **data: str) -> Any:
    return client.post(reverse("intake:send", urlconf=PUBLIC_URLS), data)


def page(client: Client) -> str:
    return client.get(reverse("intake:send", urlconf=PUBLIC_URLS)).content.decode()


# --- when it is a flood ---


def test_more_than_the_threshold_in_a_minute_is_a_flood_and_it_ends_after_calm_minutes() -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(4):
            flood.note_send()
        assert not flood.is_on()
        flood.note_send()
        assert flood.is_on()


def test_half_the_threshold_keeps_a_flood_on_and_does_not_begin_one(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    monkeypatch.setattr(limiter, "raise_flag", lambda name, *, seconds: held.append(seconds))
    monkeypatch.setattr(limiter, "is_raised", lambda name: False)
    with time_machine.travel(NOON, tick=False):
        for _ in range(3):
            flood.note_send()
        assert held == []
        monkeypatch.setattr(limiter, "is_raised", lambda name: True)
        flood.note_send()
        assert held == [flood.CALM_SECONDS]


def test_new_drafts_alone_can_be_a_flood() -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(4 * flood.DRAFTS_FOR_ONE_SENT + 1):
            flood.note_draft()
        assert flood.is_on()


@pytest.mark.usefixtures("no_redis")
def test_without_redis_a_process_measures_its_own_share(settings: LazySettings) -> None:
    settings.FLOOD_A_MINUTE = 8
    with time_machine.travel(NOON, tick=False):
        flood.note_send()
        flood.note_send()
        assert not flood.is_on()
        flood.note_send()
        assert flood.is_on()


def test_a_threshold_of_nothing_means_never(settings: LazySettings) -> None:
    settings.FLOOD_A_MINUTE = 0
    for _ in range(9):
        flood.note_send()
    flood_now()
    assert not flood.is_on()


def test_the_operator_reads_of_a_flood() -> None:
    assert list(flood.complaints()) == []
    flood_now()
    assert "puzzle" in next(flood.complaints())


# --- the puzzle ---


def test_a_puzzle_is_solved_by_its_own_numbers_and_by_nothing_else() -> None:
    mine, other = draft(), draft()
    proof = solution(mine)
    assert puzzle.is_solved(mine.row.id, proof)
    assert not puzzle.is_solved(other.row.id, proof)
    for bad in ("", ",".join(["0"] * 15), "x" * 100_000, proof + ",1", proof.replace(",", ";"), "٣" + proof[1:], "\x00"):
        assert not puzzle.is_solved(mine.row.id, bad)


def test_a_flood_leads_to_the_puzzle_and_its_solution_sends(sender: Callable[[OpenDraft], Client]) -> None:
    opened = draft()
    client = sender(opened)
    flood_now()
    assert "Send it now?" in page(client)
    assert send(client)["Location"] == reverse("intake:send", urlconf=PUBLIC_URLS)
    waiting = page(client)
    assert "A short wait before sending" in waiting
    assert "5 minutes" in waiting
    assert re.search(r'data-challenge="([0-9a-f]{32})"', waiting)
    assert Delivery.objects.count() == 0
    assert send(client, proof=solution(opened))["Location"].endswith("sent")
    assert Delivery.objects.count() == 1


def test_without_script_five_minutes_of_waiting_send_and_the_place_is_kept(sender: Callable[[OpenDraft], Client]) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = sender(draft())
        flood_now()
        send(client)
        clock.shift(turns.WAIT_SECONDS - 61)
        send(client)  # pressing again does not begin the waiting again
        assert "2 minutes" in page(client)
        clock.shift(61)
        flood_now()
        assert "Send it now?" in page(client)
        assert send(client)["Location"].endswith("sent")


def test_a_wrong_solution_loses_nothing(sender: Callable[[OpenDraft], Client]) -> None:
    client = sender(draft())
    flood_now()
    send(client, proof="1,2,3")
    assert "A short wait before sending" in page(client)
    assert Draft.objects.count() == 1


def test_without_a_flood_nobody_meets_the_puzzle(sender: Callable[[OpenDraft], Client]) -> None:
    client = sender(draft())
    assert send(client)["Location"].endswith("sent")


# --- marks ---


def sent_with(monkeypatch: pytest.MonkeyPatch) -> list[frozenset[Mark]]:
    """Collects the marks with which requests are sent."""
    found: list[frozenset[Mark]] = []
    real = marks.written

    def written(given: Any) -> str:
        found.append(frozenset(given))
        return real(found[-1])

    monkeypatch.setattr(marks, "written", written)
    return found


def test_a_filled_trap_is_sent_with_a_mark_and_never_refused(
    sender: Callable[[OpenDraft], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = sent_with(monkeypatch)
    assert send(sender(draft()), note_2="Buy now")["Location"].endswith("sent")
    assert found == [{Mark.TRAP}]


def test_who_is_faster_than_anybody_reads_gets_a_mark(
    sender: Callable[[OpenDraft], Client], monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.FASTEST_SECONDS = 20
    found = sent_with(monkeypatch)
    with time_machine.travel(NOON, tick=False) as clock:
        send(sender(draft()))
        slow = draft()
        clock.shift(21)
        send(sender(slow))
    assert found == [{Mark.FAST}, frozenset()]


def test_who_waited_gets_a_mark_and_who_solved_gets_none(
    sender: Callable[[OpenDraft], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = sent_with(monkeypatch)
    with time_machine.travel(NOON, tick=False) as clock:
        flood_now()
        client = sender(draft())
        send(client)
        clock.shift(turns.WAIT_SECONDS)
        send(client)
        solver = draft()
        client = sender(solver)
        send(client)
        send(client, proof=solution(solver))
    assert found == [{Mark.FLOOD}, frozenset()]


def test_when_a_draft_began_is_inside_its_seal_and_comes_back_with_the_code() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        opened = draft()
        clock.shift(3600)
        with transaction.atomic():
            again = access.open_by_code(opened.code)
    assert isinstance(again, OpenDraft)
    assert again.begun_at == opened.begun_at


def test_marks_in_a_box_have_one_length_and_unknown_words_are_passed_over() -> None:
    assert len(marks.written([])) == len(marks.written(Mark)) == marks.ROOM
    assert marks.read(marks.written([Mark.TRAP, Mark.FAST])) == {Mark.TRAP, Mark.FAST}
    assert marks.read("trap,invented") == {Mark.TRAP}
    assert marks.read(None) == marks.read(7) == frozenset()


def test_the_trap_is_hidden_from_everybody_but_scripts(sender: Callable[[OpenDraft], Client]) -> None:
    trap = re.search(r"<div hidden aria-hidden=\"true\">.*?</div>", page(sender(draft())), re.DOTALL)
    assert trap
    assert 'tabindex="-1"' in trap[0]
    assert 'autocomplete="off"' in trap[0]


def test_the_public_role_may_do_all_of_it(as_public: AsRole) -> None:
    opened = draft()
    with as_public(), transaction.atomic():
        actions.wait_for_turn(opened)
    assert opened.waits_since is not None
