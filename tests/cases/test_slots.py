"""A volunteer sees new requests during booked times of at most ten hours, and nothing at any other time."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases import actions
from cases.actions.slots import end_slot
from cases.models import Case, Slot
from rainbowrail.accounts.models import User
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import book_now, make_case

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MORNING = datetime(2030, 5, 6, 8, tzinfo=UTC)


@pytest.fixture
def vera(db: None) -> User:
    return make_staff(Role.VOLUNTEER, name="Vera")


def book(volunteer: User, by: User, begins_at: datetime, hours: float) -> Slot:
    return actions.book_slot(volunteer, begins_at=begins_at, ends_at=begins_at + hours * HOUR, by=by.actor)


def test_inside_the_time_a_card_without_identity_and_outside_nothing(
    vera: User, dana: User, staff_client: CarefulClient
) -> None:
    case = make_case(own_words="They know where I sleep.")
    slot = book(vera, dana, MORNING, 10)
    staff_client.force_login(vera)
    seen = {}
    for name, moment in {"before": MORNING - HOUR, "in": MORNING + HOUR, "after": MORNING + 10 * HOUR}.items():
        with time_machine.travel(moment, tick=False):
            staff_client.force_login(vera)
            seen[name] = Case.objects.visible_to(vera).count(), staff_client.get(case.get_absolute_url()).status_code
            if name == "before":
                text = staff_client.get("/").content.decode()
                assert "Not your time now" in text and slot.begins_at.isoformat() in text
            if name == "in":
                text = staff_client.get(case.get_absolute_url()).content.decode()
                assert "They know where I sleep." in text and "Open who it is" not in text
            if name == "after":
                assert "No time is booked for you" in staff_client.get("/").content.decode()
    assert seen == {"before": (0, 404), "in": (1, 200), "after": (0, 404)}


def test_a_cancelled_time_ends_at_once(vera: User, dana: User, staff_client: CarefulClient) -> None:
    make_case()
    slot = book_now(vera, by=dana)
    assert Case.objects.visible_to(vera).exists()
    staff_client.force_login(dana)
    staff_client.post(f"/times/{slot.pk}/cancel/")
    assert not Case.objects.visible_to(vera).exists()


@pytest.mark.parametrize(
    ("begins", "hours", "says"),
    [
        (MORNING, 10.5, "at most 10 hours"),
        (MORNING, 0, "must come after"),
        (MORNING - timedelta(days=9999), 2, "is over"),
    ],
)
def test_what_cannot_be_booked(begins: datetime, hours: float, says: str, vera: User, dana: User) -> None:
    with pytest.raises(NotPossible, match=says):
        book(vera, dana, begins, hours)


def test_times_of_one_volunteer_neither_overlap_nor_add_up_to_more(vera: User, dana: User) -> None:
    book(vera, dana, MORNING, 5)
    with pytest.raises(NotPossible, match="has a time then"):
        book(vera, dana, MORNING + 4 * HOUR, 2)
    book(vera, dana, MORNING + 5 * HOUR, 5)
    with pytest.raises(NotPossible, match="in any 24 hours"):
        book(vera, dana, MORNING + 12 * HOUR, 1)
    with pytest.raises(NotPossible, match="in any 24 hours"):
        book(vera, dana, MORNING + 23 * HOUR, 2)
    book(vera, dana, MORNING + 24 * HOUR, 10)
    book(make_staff(Role.VOLUNTEER), dana, MORNING, 10)


def test_a_time_between_two_that_are_booked_counts_both_ways(vera: User, dana: User) -> None:
    book(vera, dana, MORNING, 5)
    book(vera, dana, MORNING + 20 * HOUR, 5)
    with pytest.raises(NotPossible, match="in any 24 hours"):
        book(vera, dana, MORNING + 10 * HOUR, 1.5)
    book(vera, dana, MORNING + 10 * HOUR, 1)


def test_what_is_over_when_it_is_ended_grows_no_longer(vera: User, dana: User) -> None:
    with time_machine.travel(MORNING, tick=False):
        slot = book(vera, dana, MORNING, 2)
    with time_machine.travel(MORNING + 3 * HOUR, tick=False):
        end_slot(slot, by=dana.actor)
    slot.refresh_from_db()
    assert (slot.begins_at, slot.ends_at, slot.cancelled_at) == (MORNING, MORNING + 2 * HOUR, None)


def test_cancelling_near_the_end_gives_no_hours_back(vera: User, dana: User) -> None:
    with time_machine.travel(MORNING, tick=False):
        slot = book(vera, dana, MORNING, 10)
    with time_machine.travel(MORNING + 9.5 * HOUR, tick=False):
        actions.cancel_slot(slot, by=dana.actor)
        assert not Case.objects.visible_to(vera).exists()
        for hours in (10, 1):
            with pytest.raises(NotPossible, match="in any 24 hours"):
                book(vera, dana, timezone.now(), hours)
        with pytest.raises(NotPossible, match="over or cancelled"):
            actions.cancel_slot(slot, by=dana.actor)
        book(vera, dana, timezone.now(), 0.5)


def test_a_time_that_never_began_counts_no_more(vera: User, dana: User) -> None:
    actions.cancel_slot(book(vera, dana, MORNING, 10), by=dana.actor)
    book(vera, dana, MORNING + HOUR, 10)


def test_nobody_books_a_time_for_themselves(staff_client: CarefulClient) -> None:
    both = make_staff(Role.TRIAGE_LEAD, Role.VOLUNTEER, name="Both")
    with pytest.raises(NotAllowed, match="for themselves"):
        book(both, both, MORNING, 2)
    staff_client.force_login(both)
    assert "Nobody has the role of an intake volunteer" in staff_client.get("/times/").content.decode()
    with pytest.raises(IntegrityError, match="slot_booked_by_another"), transaction.atomic():
        Slot.objects.create(volunteer=both, begins_at=MORNING, ends_at=MORNING + HOUR, booked_by=both)


def test_the_database_too_refuses_two_times_at_once(vera: User, dana: User) -> None:
    slot = book(vera, dana, MORNING, 5)
    with pytest.raises(IntegrityError, match="slot_alone_in_its_time"), transaction.atomic():
        Slot.objects.create(volunteer=vera, begins_at=MORNING + HOUR, ends_at=MORNING + 2 * HOUR, booked_by=dana)
    actions.cancel_slot(slot, by=dana.actor)
    Slot.objects.create(volunteer=vera, begins_at=MORNING + HOUR, ends_at=MORNING + 2 * HOUR, booked_by=dana)


def test_only_a_lead_books_and_only_for_volunteers(vera: User, dana: User, cleo: User) -> None:
    with pytest.raises(NotAllowed):
        book(vera, cleo, MORNING, 2)
    with pytest.raises(NotAllowed):
        book(vera, vera, MORNING, 2)
    with pytest.raises(NotPossible, match="no intake volunteer"):
        book(cleo, dana, MORNING, 2)


def test_a_lead_books_on_the_page_and_the_volunteer_sees_it(vera: User, dana: User, staff_client: CarefulClient) -> None:
    staff_client.force_login(dana)
    day = (timezone.now() + timedelta(days=2)).date().isoformat()
    told = {"volunteer": vera.pk, "begins_at": f"{day}T08:00", "ends_at": f"{day}T19:00"}
    assert "at most 10 hours" in staff_client.post("/times/", told).content.decode()
    assert staff_client.post("/times/", {**told, "ends_at": f"{day}T18:00"}).headers["Location"] == "/times/"
    assert Slot.objects.get().ends_at - Slot.objects.get().begins_at == 10 * HOUR
    staff_client.force_login(vera)
    text = staff_client.get("/times/").content.decode()
    assert "Vera" in text and "Book the time" not in text
    assert staff_client.post("/times/", told).status_code == 200
    assert Slot.objects.count() == 1
