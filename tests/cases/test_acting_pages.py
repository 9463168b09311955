"""The pages with a form: they work, keep what was typed, and refuse the wrong person, reference and method."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cases.models import Case
from cases.states import CaseState, NextStep
from cases.urgency.bands import Band
from rainbowrail.accounts.models import User
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import URGENT, make_case, make_case_in

pytestmark = pytest.mark.django_db

TOMORROW = (timezone.localdate() + timedelta(days=1)).isoformat()
# Each page with a form: a good answer, and what must be true of the case after it.
PAGES: dict[str, tuple[dict[str, str], Any]] = {
    "note": ({"text": "They called."}, lambda case: [note.text for note in case.notes.all()] == ["They called."]),
    "ask": ({"question": "Where are you?"}, lambda case: case.waiting_since is not None),
    "tell": ({"text": "We are on it."}, lambda case: case.contacted_at is not None),
    "assess": (
        {"verification": "plausible", "pathways": "cash", "summary": "It fits."},
        lambda case: [one.finding["pathways"] for one in case.assessments.all()] == [["cash"]],
    ),
    "next-step": ({"step": "contact", "on": TOMORROW}, lambda case: case.next_step == NextStep.CONTACT),
    "urgency": ({"band": "0", "reason": "A call at night."}, lambda case: case.band == Band.EMERGENCY),
    "move/verify": ({}, lambda case: case.state == CaseState.VERIFIED),
    "move/close": ({"close_reason": "informed", "reason": "Answered."}, lambda case: case.state == CaseState.CLOSED),
}
BAD: dict[str, dict[str, str]] = {
    "note": {"text": ""},
    "ask": {"question": ""},
    "tell": {"text": "x" * 4_001},
    "assess": {"verification": "sure", "summary": "kept words"},
    "next-step": {"step": "contact", "on": "soon"},
    "urgency": {"band": "9", "reason": "kept words"},
    "move/close": {"close_reason": "", "reason": "kept words"},
}


@pytest.fixture
def case(cleo: User) -> Case:
    return make_case_in(CaseState.IN_REVIEW, owner=cleo, answers=URGENT)


@pytest.mark.parametrize("slug", PAGES)
def test_the_owner_does_it_and_is_back_on_the_case(slug: str, case: Case, staff_client: CarefulClient, cleo: User) -> None:
    good, done = PAGES[slug]
    staff_client.force_login(cleo)
    assert staff_client.get(f"/cases/{case.reference}/{slug}/").status_code == 200
    answer = staff_client.post(f"/cases/{case.reference}/{slug}/", good)
    assert (answer.status_code, answer.headers.get("Location")) == (302, f"/cases/{case.reference}/")
    case.refresh_from_db()
    assert done(case)
    assert 'class="notice notice--success"' in staff_client.get(f"/cases/{case.reference}/").content.decode()


@pytest.mark.parametrize("slug", BAD)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    slug: str, case: Case, staff_client: CarefulClient, cleo: User
) -> None:
    staff_client.force_login(cleo)
    answer = staff_client.post(f"/cases/{case.reference}/{slug}/", BAD[slug])
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Please check this" in text
    assert "kept words" in text or "kept words" not in BAD[slug].values()
    case.refresh_from_db()
    assert not PAGES[slug][1](case)


@pytest.mark.parametrize("slug", PAGES)
def test_the_lead_may_too(slug: str, case: Case, staff_client: CarefulClient, dana: User) -> None:
    staff_client.force_login(dana)
    assert staff_client.post(f"/cases/{case.reference}/{slug}/", PAGES[slug][0]).status_code == 302


@pytest.mark.parametrize("slug", PAGES)
def test_a_manager_reads_but_does_nothing(slug: str, case: Case, staff_client: CarefulClient) -> None:
    staff_client.force_login(make_staff(Role.MANAGER))
    assert staff_client.get(f"/cases/{case.reference}/{slug}/").status_code == 403
    assert staff_client.post(f"/cases/{case.reference}/{slug}/", PAGES[slug][0]).status_code == 403
    case.refresh_from_db()
    assert not PAGES[slug][1](case)


@pytest.mark.parametrize("slug", PAGES)
def test_for_somebody_elses_caseworker_the_case_is_not_there(slug: str, case: Case, staff_client: CarefulClient) -> None:
    staff_client.force_login(make_staff(Role.CASEWORKER))
    assert staff_client.post(f"/cases/{case.reference}/{slug}/", PAGES[slug][0]).status_code == 404


@pytest.mark.parametrize("slug", PAGES)
def test_an_auditor_does_not_come_in(slug: str, case: Case, staff_client: CarefulClient, fay: User) -> None:
    staff_client.force_login(fay)
    assert staff_client.post(f"/cases/{case.reference}/{slug}/", PAGES[slug][0]).status_code == 403


@pytest.mark.parametrize("slug", PAGES)
def test_a_wrong_reference_is_not_there(slug: str, staff_client: CarefulClient, dana: User) -> None:
    staff_client.force_login(dana)
    assert staff_client.post(f"/cases/RR-CCCC-CCCC/{slug}/", PAGES[slug][0]).status_code == 404


@pytest.mark.parametrize("slug", [*PAGES, "claim", "identity", "stop-waiting", "urgency/second"])
def test_the_wrong_method_is_refused(slug: str, case: Case, staff_client: CarefulClient, dana: User) -> None:
    staff_client.force_login(dana)
    assert staff_client.delete(f"/cases/{case.reference}/{slug}/").status_code == 405


def test_what_cannot_be_now_is_said_above_the_form(case: Case, staff_client: CarefulClient, cleo: User) -> None:
    staff_client.force_login(cleo)
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    answer = staff_client.post(f"/cases/{case.reference}/next-step/", {"step": "contact", "on": yesterday})
    assert answer.status_code == 409
    assert "That day is over" in answer.content.decode()


def test_a_move_from_the_wrong_stage_says_where_the_case_stands(case: Case, staff_client: CarefulClient, dana: User) -> None:
    staff_client.force_login(dana)
    answer = staff_client.get(f"/cases/{case.reference}/move/plan_support/")
    assert answer.status_code == 409
    assert "In review" in answer.content.decode()


@pytest.mark.parametrize("name", ["refer", "record_outcome", "claim", "assign", "fly"])
def test_what_is_not_moved_on_this_page_is_not_there(name: str, case: Case, staff_client: CarefulClient, dana: User) -> None:
    staff_client.force_login(dana)
    assert staff_client.post(f"/cases/{case.reference}/move/{name}/").status_code == 404


def test_a_lead_gives_a_case_to_somebody(staff_client: CarefulClient, dana: User, cleo: User, fay: User) -> None:
    case = make_case()
    staff_client.force_login(dana)
    page = staff_client.get(f"/cases/{case.reference}/give/").content.decode()
    assert "Cleo" in page and "Dana" in page and "Fay" not in page
    assert staff_client.post(f"/cases/{case.reference}/give/", {"to": str(cleo.pk)}).status_code == 302
    case.refresh_from_db()
    assert case.owner == cleo


def test_who_gave_their_case_away_is_back_in_the_queue(staff_client: CarefulClient, case: Case, cleo: User) -> None:
    other = make_staff(Role.CASEWORKER)
    staff_client.force_login(cleo)
    answer = staff_client.post(f"/cases/{case.reference}/give/", {"to": str(other.pk)})
    assert answer.headers["Location"] == "/"
    assert staff_client.get("/").status_code == 200


def test_going_on_without_an_answer(staff_client: CarefulClient, case: Case, cleo: User) -> None:
    staff_client.force_login(cleo)
    assert staff_client.post(f"/cases/{case.reference}/stop-waiting/").status_code == 409
    staff_client.post(f"/cases/{case.reference}/ask/", {"question": "Where?"})
    assert "Go on without the answer" in staff_client.get(f"/cases/{case.reference}/").content.decode()
    assert staff_client.post(f"/cases/{case.reference}/stop-waiting/").status_code == 302
    case.refresh_from_db()
    assert case.waiting_since is None
