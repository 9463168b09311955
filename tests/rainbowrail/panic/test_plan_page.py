"""The page of the plan, the line on every page, and what is covered and frozen while it is in force."""

from datetime import timedelta

import pytest
import time_machine
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from cases.states import CaseState
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.panic import actions, freeze
from rainbowrail.panic.models import Panic
from rainbowrail.panic.states import PanicState, WhyBegun, WhyEnded
from tests.clients import CarefulClient
from tests.factories.cases import CALM, make_case_in

pytestmark = pytest.mark.django_db
PAGE = "/panic/"
STEPS = ("begin", "hosts", "ask-end", "keep", "end")
BANNER = "The panic plan is in force."


@pytest.fixture
def lead(staff_client: CarefulClient, dana: User) -> CarefulClient:
    staff_client.force_login(dana)
    return staff_client


def test_a_lead_begins_it_with_a_reason_and_stays_signed_in(lead: CarefulClient, cleo: User) -> None:
    other = CarefulClient()
    other.force_login(cleo)
    response = lead.post(f"{PAGE}begin/", {"why": "office"}, follow=True)
    assert response.status_code == 200
    assert "Everybody else is signed out." in response.content.decode()
    assert Panic.objects.get().why_begun == WhyBegun.OFFICE
    assert other.get("/").status_code == 302
    assert lead.get("/").status_code == 200


def test_a_session_that_was_left_open_does_not_begin_it(staff_client: CarefulClient, dana: User) -> None:
    staff_client.force_login(dana)
    with time_machine.travel(timezone.now() + timedelta(minutes=15)):
        response = staff_client.post(f"{PAGE}begin/", {"why": "office"})
    assert (response.status_code, response.headers["Location"]) == (302, "/account/confirm/?next=%2Fpanic%2F")
    assert not Panic.objects.exists()


def test_without_a_reason_nothing_begins(lead: CarefulClient) -> None:
    assert lead.post(f"{PAGE}begin/", {}).status_code == 422
    assert not Panic.objects.exists()


def test_the_whole_way_on_the_page(lead: CarefulClient, dana: User, hana: User) -> None:
    lead.post(f"{PAGE}begin/", {"why": "drill"})
    assert "The hosts are ours" not in lead.get(PAGE).content.decode()
    second = CarefulClient()
    second.force_login(hana)
    form = second.get(PAGE).content.decode()
    assert form.count('method="post"') == form.count("csrfmiddlewaretoken"), "a form without its token is refused"
    assert second.post(f"{PAGE}hosts/", {}).status_code == 422
    assert Panic.objects.get().state == PanicState.IN_FORCE
    second.post(f"{PAGE}hosts/", {"looked": "on", "ours": "on"})
    page = second.get(PAGE).content.decode()
    assert "keys rotate store" in page and "Ask to end the plan" in page
    second.post(f"{PAGE}ask-end/", {"why": "drill_over"})
    assert "End the plan" not in second.get(PAGE).content.decode().replace("end the plan", "")
    lead.post(f"{PAGE}keep/")
    lead.post(f"{PAGE}ask-end/", {"why": "drill_over"})
    second.post(f"{PAGE}end/")
    assert Panic.objects.get().state == PanicState.ENDED
    assert "Earlier" in second.get(PAGE).content.decode()


@pytest.mark.parametrize("person", ["cleo", "eli", "fay", "gus"])
def test_nobody_else_has_the_page_or_its_steps(
    staff_client: CarefulClient, person: str, request: pytest.FixtureRequest
) -> None:
    staff_client.force_login(request.getfixturevalue(person))
    assert staff_client.get(PAGE).status_code == 403
    assert [staff_client.post(f"{PAGE}{step}/").status_code for step in STEPS] == [403] * len(STEPS)


def test_a_step_without_a_plan_says_so(lead: CarefulClient) -> None:
    assert [lead.post(f"{PAGE}{step}/").status_code for step in STEPS[1:]] == [409] * 4
    assert [lead.get(f"{PAGE}{step}/").status_code for step in STEPS] == [405] * 5


def test_every_staff_page_says_so_while_it_is_in_force(staff_client: CarefulClient, dana: User, hana: User, cleo: User) -> None:
    staff_client.force_login(cleo)
    assert BANNER not in staff_client.get("/trail/mine/").content.decode()
    plan = actions.begin(WhyBegun.DRILL, by=dana.actor, session_key="")
    staff_client.force_login(cleo)
    for page in ("/", "/trail/mine/"):
        assert BANNER in staff_client.get(page).content.decode()
    actions.confirm_hosts(plan, by=hana.actor)
    actions.end(actions.ask_end(plan, why=WhyEnded.OVER, by=hana.actor), by=dana.actor)
    assert BANNER not in staff_client.get("/trail/mine/").content.decode()


def test_where_somebody_stays_is_covered_on_the_case_page(staff_client: CarefulClient, dana: User, cleo: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo, answers={**CALM, "region": "Mukono", "location_type": "safe_house"})
    staff_client.force_login(cleo)
    assert "Mukono" in staff_client.get(case.get_absolute_url()).content.decode()
    actions.begin(WhyBegun.OFFICE, by=dana.actor, session_key="")
    staff_client.force_login(cleo)
    page = staff_client.get(case.get_absolute_url()).content.decode()
    assert "Mukono" not in page and "in a safe house" not in page


def test_one_request_asks_once(django_assert_num_queries: object) -> None:
    request = HttpRequest()
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert not freeze.in_force_for(request) and not freeze.in_force_for(request)


def test_a_frozen_export_is_answered_with_not_now_and_leaves_no_line(
    staff_client: CarefulClient, dana: User, eli: User
) -> None:
    from referrals.states import ReferralState
    from tests.factories.referrals import Crew, make_referral_in

    referral = make_referral_in(ReferralState.READY, crew=Crew.new(officer=eli, lead=dana))
    actions.begin(WhyBegun.OFFICE, by=dana.actor, session_key="")
    staff_client.force_login(eli)
    response = staff_client.post(f"{referral.get_absolute_url()}file/")
    assert response.status_code == 409
    assert "Nothing leaves the building" in response.content.decode()
    assert not AuditEvent.objects.filter(verb="referrals.downloaded").exists()


@pytest.mark.parametrize(
    ("who", "is_keeper"), [("cleo", False), ("eli", False), ("fay", False), ("dana", True), ("hana", True)]
)
def test_the_line_leads_to_the_plan_whoever_may_open_it(
    who: str, is_keeper: bool, staff_client: CarefulClient, dana: User, request: pytest.FixtureRequest
) -> None:
    actions.begin(WhyBegun.DRILL, by=dana.actor, session_key="")
    staff_client.force_login(request.getfixturevalue(who))
    page = staff_client.get(reverse("account_sessions")).content.decode()
    line = page.partition("The panic plan is in force.")[2].partition("</p>")[0]
    assert line and (reverse("panic:plan") in line) is is_keeper
    assert ("can say why" in line) is not is_keeper
    assert staff_client.get(reverse("panic:plan")).status_code == (200 if is_keeper else 403)
