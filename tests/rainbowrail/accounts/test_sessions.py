"""Staff sessions: how long they last, what a stolen row tells, where they are listed and how they end."""

from typing import Any

import pytest
import time_machine
from django.urls import reverse

from rainbowrail.accounts.models import StaffSession, User
from rainbowrail.accounts.session_ending import family_of
from rainbowrail.accounts.tasks import clear_sessions
from rainbowrail.audit.models import AuditEvent
from tests.clients import CarefulClient

pytestmark = pytest.mark.django_db
HOME = "/account/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def is_open(client: CarefulClient) -> bool:
    return int(client.get(HOME).status_code) == 200


def test_a_session_ends_half_an_hour_after_the_last_page(staff_client: CarefulClient, cleo: User) -> None:
    with time_machine.travel("2026-11-21 10:00:00 +0000", tick=False) as clock:
        staff_client.force_login(cleo)
        for _ in range(4):
            clock.shift(29 * 60)
            assert is_open(staff_client)
        clock.shift(31 * 60)
        assert not is_open(staff_client)


def test_a_session_ends_after_eight_hours_whatever_is_done(staff_client: CarefulClient, cleo: User) -> None:
    with time_machine.travel("2026-11-21 08:00:00 +0000", tick=False) as clock:
        staff_client.force_login(cleo)
        for _ in range(19):
            clock.shift(25 * 60)
            assert is_open(staff_client)
        clock.shift(25 * 60)
        assert not is_open(staff_client)


def test_a_stolen_row_is_no_cookie_and_tells_nothing(staff_client: CarefulClient, cleo: User) -> None:
    staff_client.force_login(cleo)
    session = staff_client.session
    session["canary"] = "what a page kept for a moment"
    session.save()
    row = StaffSession.objects.get()
    cookie = staff_client.cookies["staff"].value
    assert cookie not in str(list(StaffSession.objects.values()))
    assert "canary" not in row.data and "_auth_user" not in row.data
    thief = CarefulClient()
    thief.cookies["staff"] = row.key_hash
    assert not is_open(thief)


def test_what_a_session_holds_does_not_open_in_another_row(cleo: User, dana: User) -> None:
    one, other = CarefulClient(), CarefulClient()
    one.force_login(cleo)
    other.force_login(dana)
    theirs = StaffSession.objects.get(person=dana)
    StaffSession.objects.filter(person=cleo).update(data=theirs.data)
    assert not is_open(one)


def test_a_row_is_written_at_most_once_a_minute(
    staff_client: CarefulClient, cleo: User, django_assert_num_queries: Any
) -> None:
    with time_machine.travel("2026-11-21 10:00:00 +0000", tick=False) as clock:
        staff_client.force_login(cleo)
        clock.shift(59)
        with django_assert_num_queries(4):  # session, person, panic plan; the list
            assert is_open(staff_client)
        clock.shift(1)
        with django_assert_num_queries(5):  # and the moment of the last use
            assert is_open(staff_client)


def test_i_see_where_i_am_signed_in_and_end_another_session(cleo: User) -> None:
    here, there = CarefulClient(), CarefulClient(headers={"user-agent": FIREFOX})
    here.force_login(cleo)
    there.force_login(cleo)
    page = here.get(HOME).content.decode()
    assert "this one" in page and page.count("End this session") == 1 and "End all others" in page
    other = StaffSession.objects.exclude(key_hash=StaffSession.objects.order_by("started_at").first().key_hash).get()  # type: ignore[union-attr]
    here.post(reverse("account_end_session", args=[other.pk]))
    assert not is_open(there) and is_open(here)
    assert AuditEvent.objects.filter(verb="accounts.session_ended", actor_id=cleo.pk).count() == 1


def test_all_others_end_at_once(cleo: User) -> None:
    clients = [CarefulClient() for _ in range(3)]
    for client in clients:
        client.force_login(cleo)
    clients[0].post(reverse("account_end_other_sessions"))
    assert [is_open(client) for client in clients] == [True, False, False]


def test_nobody_ends_a_session_of_somebody_else(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    theirs = CarefulClient()
    theirs.force_login(dana)
    staff_client.force_login(cleo)
    staff_client.post(reverse("account_end_session", args=[StaffSession.objects.get(person=dana).pk]))
    assert is_open(theirs)


@pytest.mark.parametrize(
    ("said", "family"),
    [
        (FIREFOX, "Firefox"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0", "Edge"),
        ("Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36", "Chrome"),
        ("Mozilla/5.0 (Macintosh) AppleWebKit/605 Version/26 Safari/605", "Safari"),
        ("curl/8", ""),
    ],
)
def test_of_a_browser_nothing_but_the_family_is_kept(said: str, family: str) -> None:
    assert family_of(said) == family


def test_old_rows_go(cleo: User) -> None:
    with time_machine.travel("2026-11-21 10:00:00 +0000", tick=False) as clock:
        CarefulClient().force_login(cleo)
        clock.shift(15 * 3600)
        clear_sessions()
        assert StaffSession.objects.count() == 1  # a form that comes in now is still kept for its writer
        clock.shift(2 * 3600)
        clear_sessions()
        assert not StaffSession.objects.exists()
