"""The pages about erasing: who sees what, two people, both dates, a skeleton, and a preview that tells no more than it must."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format

from cases import actions
from cases.models import Case, ErasurePlan
from cases.states import CaseState, CloseReason, HiddenWhy
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto.models import DataKey
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import make_case, make_case_in

pytestmark = pytest.mark.django_db
CANARY = "a-word-that-nobody-else-writes"


@pytest.fixture
def case(cleo: User, dana: User) -> Case:
    return make_case_in(CaseState.IN_REVIEW, owner=cleo, lead=dana)


def page(client: CarefulClient, who: User, url: str, status: int = 200) -> str:
    client.force_login(who)
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def test_one_asks_and_another_confirms_and_the_page_told_both_dates(
    case: Case, cleo: User, dana: User, staff_client: CarefulClient
) -> None:
    url = f"/cases/{case.reference}/erase/"
    shown = page(staff_client, cleo, url)
    for days in (35, 90):
        assert date_format(timezone.localdate() + timedelta(days=days)) in shown
    assert staff_client.post(url, {"reason": CANARY}).status_code == 302
    assert "Erase for good" not in page(staff_client, cleo, url)
    shown = page(staff_client, dana, url)
    assert "Erase for good" in shown
    assert CANARY in shown
    assert staff_client.post(f"{url}decide/", {"answer": "confirm"}).status_code == 302
    left = page(staff_client, dana, f"/cases/{case.reference}/")
    assert "was erased on" in left
    assert date_format(timezone.localdate() + timedelta(days=35)) in left
    assert not DataKey.objects.filter(subject_id=case.pk).exists()


def test_every_other_page_of_an_erased_case_says_so_and_opens_nothing(
    case: Case, cleo: User, dana: User, staff_client: CarefulClient
) -> None:
    actions.confirm_erasure(actions.ask_erasure(case, reason="Asked.", by=cleo.actor), by=dana.actor)
    for slug in ("note", "erase", "keep-longer", "move/reopen", "assess", "urgency"):
        assert "erased" in page(staff_client, dana, f"/cases/{case.reference}/{slug}/", status=409), slug
    assert case.reference in page(staff_client, dana, "/?whose=closed")


def test_of_another_case_of_the_person_that_is_hidden_nothing_is_said(
    case: Case, cleo: User, dana: User, staff_client: CarefulClient
) -> None:
    other, lead = make_case(), make_staff(Role.TRIAGE_LEAD)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE intake_helprequest SET person_id = %s WHERE id = %s", [case.help_request.person_id, other.help_request_id]
        )
    actions.ask_erasure(case, reason="Asked.", by=cleo.actor)
    url = f"/cases/{case.reference}/erase/"
    staff_client.force_login(dana)
    told = staff_client.post(f"{url}decide/", {"answer": "confirm"}, follow=True).content.decode()
    assert "This person has another case that is open" in told
    actions.restrict(other, people=[dana], why=HiddenWhy.COMMUNITY, by=lead.actor)
    told = staff_client.post(f"{url}decide/", {"answer": "confirm"}, follow=True).content.decode()
    assert "another case" not in told and "Another triage lead must" in told
    assert DataKey.objects.filter(subject_id=case.pk).exists()


def test_no_is_an_answer_too(case: Case, cleo: User, dana: User, staff_client: CarefulClient) -> None:
    actions.ask_erasure(case, reason="Asked.", by=cleo.actor)
    staff_client.force_login(dana)
    assert staff_client.post(f"/cases/{case.reference}/erase/decide/", {"answer": "refuse"}).status_code == 302
    assert DataKey.objects.filter(subject_id=case.pk).exists()
    assert staff_client.post(f"/cases/{case.reference}/erase/decide/", {"answer": "confirm"}).status_code == 404


def test_a_stranger_sees_none_of_it(case: Case, staff_client: CarefulClient) -> None:
    staff_client.force_login(make_staff(Role.CASEWORKER))
    for slug in ("erase", "erase/decide", "keep-longer"):
        assert staff_client.post(f"/cases/{case.reference}/{slug}/").status_code in {403, 404}


def test_a_lead_puts_it_off_on_the_page(case: Case, dana: User, staff_client: CarefulClient) -> None:
    actions.close_case(case, close_reason=CloseReason.INFORMED, reason="Done.", by=dana.actor)
    url = f"/cases/{case.reference}/keep-longer/"
    assert "danger to life" in page(staff_client, dana, url)
    until = timezone.localdate() + timedelta(days=100)
    assert staff_client.post(url, {"until": timezone.localdate().isoformat(), "reason": CANARY}).status_code == 409
    assert staff_client.post(url, {"until": until.isoformat(), "reason": CANARY}).status_code == 302
    assert ErasurePlan.objects.get(case=case).due_on == until


# --- the preview ---


def test_the_preview_shows_reference_reason_and_day_of_the_next_thirty_days(
    case: Case, dana: User, fay: User, hana: User, staff_client: CarefulClient
) -> None:
    later = make_case()
    for one in (case, later):
        actions.close_case(one, close_reason=CloseReason.INFORMED, reason=CANARY, by=dana.actor)
    due = timezone.localdate() + timedelta(days=30)
    ErasurePlan.objects.filter(case=case).update(due_on=due)
    for who in (dana, fay, hana):
        shown = page(staff_client, who, "/erasures/")
        assert case.reference in shown
        assert date_format(due) in shown
        assert "Kept as long as the rules say" in shown
        assert later.reference not in shown
        assert CANARY not in shown
        assert ("Put off" in shown) is (who == dana)
    assert AuditEvent.objects.filter(verb="cases.erasures_viewed").count() == 3


def test_the_preview_is_closed_to_all_others(cleo: User, eli: User, staff_client: CarefulClient) -> None:
    for who in (cleo, eli):
        page(staff_client, who, "/erasures/", status=403)


def test_an_unknown_kind_is_not_found(dana: User, staff_client: CarefulClient) -> None:
    page(staff_client, dana, "/erasures/?kind=people", status=404)


def test_the_preview_is_paged_without_losing_anybody(
    dana: User, staff_client: CarefulClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rainbowrail.web.pagination.Keyset.__init__.__kwdefaults__", {"after": None, "size": 2}, raising=False)
    made = []
    for number in range(5):
        one = make_case()
        actions.close_case(one, close_reason=CloseReason.INFORMED, reason="Done.", by=dana.actor)
        ErasurePlan.objects.filter(case=one).update(due_on=timezone.localdate() + timedelta(days=number // 2))
        made.append(one.reference)
    seen: list[str] = []
    pages, url = 0, "/erasures/"
    while url:
        pages += 1
        shown = page(staff_client, dana, url)
        seen += [reference for reference in made if reference in shown]
        url = next_of(shown)
    assert pages == 3
    assert sorted(seen) == sorted(made)
    assert [made.index(reference) // 2 for reference in seen] == sorted(made.index(reference) // 2 for reference in seen)


def next_of(shown: str) -> str:
    import html
    import re

    found = re.search(r'href="([^"]+)" rel="next"', shown)
    return "/erasures/" + html.unescape(found.group(1)) if found else ""
