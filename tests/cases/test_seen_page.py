"""Who opened a case: its owner and the leads see it, nobody looks unseen."""

import pytest

from cases import actions
from cases.models import Case
from rainbowrail.accounts.models import User
from tests.clients import CarefulClient
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cleo: User) -> Case:
    case = make_case()
    actions.claim(case, by=cleo.actor)
    return case


def page_of(case: Case) -> str:
    return f"/cases/{case.reference}/seen/"


def test_the_owner_sees_who_opened_the_case(staff_client: CarefulClient, case: Case, cleo: User, dana: User) -> None:
    staff_client.force_login(dana)
    staff_client.get(case.get_absolute_url())
    staff_client.force_login(cleo)
    lines = staff_client.get(page_of(case)).context["lines"]
    assert "Dana" in {line.who for line in lines}
    assert all(line.event.case_id == case.pk for line in lines)


def test_the_lead_may_and_another_caseworker_may_not(
    staff_client: CarefulClient, case: Case, dana: User, hana: User, gus: User
) -> None:
    staff_client.force_login(dana)
    assert staff_client.get(page_of(case)).status_code == 200
    staff_client.force_login(hana)
    assert staff_client.get(page_of(case)).status_code in {403, 404}
    staff_client.force_login(gus)
    assert staff_client.get(page_of(case)).status_code == 403


def test_a_wrong_reference_is_not_found_and_the_page_is_only_read(staff_client: CarefulClient, case: Case, cleo: User) -> None:
    staff_client.force_login(cleo)
    assert staff_client.get("/cases/RR-CCCC-CCCC/seen/").status_code == 404
    assert staff_client.post(page_of(case)).status_code == 405
