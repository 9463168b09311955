"""Partner organisations and the codes that say who sent somebody. A code opens nothing, and a wrong one hurts nobody."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cases import actions
from cases.models import Case, CaseOrigin, PartnerCode, PartnerOrganisation
from cases.views.partners import origin_of
from intake.drain import drain
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import datakeys
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.intake import ade, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope() -> Any:
    with datakeys.scope():
        yield


@pytest.fixture
def harbour(hana: User) -> PartnerOrganisation:
    return actions.add_partner(name="Harbour House", contact="office", notes="", by=hana.actor)


@pytest.fixture
def code(harbour: PartnerOrganisation, hana: User) -> PartnerCode:
    return actions.make_partner_code(harbour, expires_on=None, by=hana.actor)


def arrive(typed: str) -> Case:
    request = sent(ade(partner=typed)).request
    drain()
    return Case.objects.get(help_request=request)


def test_a_code_marks_where_a_request_came_from_however_it_is_typed(code: PartnerCode, harbour: PartnerOrganisation) -> None:
    for typed in (code.code, code.code.lower(), f" {code.code[:3]} - {code.code[3:]} "):
        case = arrive(typed)
        assert CaseOrigin.objects.get(case=case).told == {"partner": str(harbour.pk), "how": "code"}
    code.refresh_from_db()
    assert code.uses == 3
    assert origin_of(case) == "Harbour House, with a code of this partner"


def test_a_wrong_code_is_accepted_and_noted() -> None:
    assert origin_of(arrive("NOBODY")) == "with a partner’s code that we do not know"
    assert origin_of(arrive("!?")) == "with a partner’s code that we do not know"


def test_without_a_code_nothing_is_noted() -> None:
    assert origin_of(arrive("")) == ""
    assert not CaseOrigin.objects.exists()


def test_a_code_that_ended_still_says_whose_it_was(code: PartnerCode, hana: User) -> None:
    actions.revoke_partner_code(code, by=hana.actor)
    actions.revoke_partner_code(code, by=hana.actor)
    assert origin_of(arrive(code.code)).endswith("no longer given out")
    assert AuditEvent.objects.filter(verb="cases.partner_code_revoked").count() == 1


def test_a_code_past_its_last_day_and_one_of_a_past_partner_are_marked_so(
    code: PartnerCode, harbour: PartnerOrganisation, hana: User
) -> None:
    today = timezone.localdate()
    PartnerCode.objects.filter(pk=code.pk).update(made_on=today - timedelta(days=9), expires_on=today - timedelta(days=1))
    assert origin_of(arrive(code.code)).endswith("no longer given out")
    PartnerCode.objects.filter(pk=code.pk).update(expires_on=None)
    actions.change_partner(harbour, name="Harbour House", contact="", notes="", is_active=False, by=hana.actor)
    assert origin_of(arrive(code.code)).endswith("no longer given out")


def test_codes_differ_and_a_last_day_gone_by_makes_none(harbour: PartnerOrganisation, hana: User) -> None:
    made = {actions.make_partner_code(harbour, expires_on=None, by=hana.actor).code for _ in range(20)}
    assert len(made) == 20
    with pytest.raises(NotPossible):
        actions.make_partner_code(harbour, expires_on=timezone.localdate() - timedelta(days=1), by=hana.actor)


def test_a_past_partner_gets_no_new_code(harbour: PartnerOrganisation, hana: User) -> None:
    actions.change_partner(harbour, name="Harbour House", contact="", notes="", is_active=False, by=hana.actor)
    with pytest.raises(NotPossible):
        actions.make_partner_code(harbour, expires_on=None, by=hana.actor)


def test_only_leads_and_administrators_keep_partners(cleo: User) -> None:
    with pytest.raises(NotAllowed):
        actions.add_partner(name="X", contact="", notes="", by=cleo.actor)


# --- pages ---


def test_the_way_from_nothing_to_a_code(staff_client: CarefulClient, hana: User) -> None:
    staff_client.force_login(hana)
    assert "No organisation yet" in staff_client.get("/partners/").content.decode()
    answer = staff_client.post("/partners/", {"name": "Harbour House", "contact": "office", "notes": ""})
    assert answer.status_code == 302
    page = staff_client.get(answer["Location"]).content.decode()
    assert "No code yet" in page
    staff_client.post(f"{answer['Location']}code/", {"expires_on": ""})
    made = PartnerCode.objects.get()
    assert made.code in staff_client.get(answer["Location"]).content.decode()
    staff_client.post(f"/partners/codes/{made.pk}/end/")
    assert "ended on" in staff_client.get(answer["Location"]).content.decode()


def test_a_name_that_is_taken_is_said_at_the_field(
    staff_client: CarefulClient, hana: User, harbour: PartnerOrganisation
) -> None:
    staff_client.force_login(hana)
    page = staff_client.post("/partners/", {"name": "Harbour House"})
    assert page.status_code == 200
    assert "already" in page.content.decode()
    other = actions.add_partner(name="Other", contact="", notes="", by=hana.actor)
    page = staff_client.post(f"/partners/{other.pk}/", {"name": "Harbour House", "is_active": "on"})
    assert "already" in page.content.decode()


def test_a_last_day_gone_by_is_said_at_the_field(staff_client: CarefulClient, hana: User, harbour: PartnerOrganisation) -> None:
    staff_client.force_login(hana)
    page = staff_client.post(f"/partners/{harbour.pk}/code/", {"expires_on": "2020-01-01"})
    assert "must not have gone by" in page.content.decode()


def test_small_counts_are_not_told(staff_client: CarefulClient, hana: User, code: PartnerCode) -> None:
    staff_client.force_login(hana)
    assert re.search(r">\s*0\s*<", staff_client.get("/partners/").content.decode())
    PartnerCode.objects.update(uses=4)
    assert "fewer than 5" in staff_client.get("/partners/").content.decode()
    PartnerCode.objects.update(uses=5)
    assert "fewer than" not in staff_client.get("/partners/").content.decode()


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.VOLUNTEER, Role.AUDITOR, Role.MANAGER])
def test_others_have_no_such_page(role: Role, staff_client: CarefulClient, code: PartnerCode) -> None:
    staff_client.force_login(make_staff(role))
    assert staff_client.get("/partners/").status_code in (403, 404)
    assert staff_client.post(f"/partners/codes/{code.pk}/end/").status_code in (403, 404)


def test_the_case_page_says_where_it_came_from(staff_client: CarefulClient, dana: User, code: PartnerCode) -> None:
    case = arrive(code.code)
    staff_client.force_login(dana)
    assert "Harbour House" in staff_client.get(f"/cases/{case.reference}/").content.decode()


def test_the_list_costs_as_many_queries_for_many_as_for_one(
    staff_client: CarefulClient, hana: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(9):
        actions.add_partner(name=f"Partner {number}", contact="", notes="", by=hana.actor)
    staff_client.force_login(hana)
    staff_client.get("/partners/")
    with django_assert_max_num_queries(8):
        staff_client.get("/partners/")
