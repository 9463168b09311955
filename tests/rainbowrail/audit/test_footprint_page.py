"""Everybody may read what they themselves opened and did, and nobody else's."""

import pytest

from cases import actions as cases
from cases.states import CaseState, HiddenWhy
from rainbowrail.accounts.models import User
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.web.pagination import PAGE_SIZE
from tests.clients import CarefulClient
from tests.factories.cases import make_case_in

pytestmark = pytest.mark.django_db
PAGE = "/trail/mine/"


@pytest.mark.parametrize("person", ["cleo", "dana", "eli", "fay", "gus"])
def test_each_sees_their_own_lines_only(
    staff_client: CarefulClient, person: str, hana: User, request: pytest.FixtureRequest
) -> None:
    me = request.getfixturevalue(person)
    staff_client.force_login(me)
    record(KernelVerb.VIEWED, by=me.actor, detail={"compartment": "story"})
    record(KernelVerb.VIEWED, by=hana.actor, detail={"compartment": "identity"})
    response = staff_client.get(PAGE)
    assert {line.event.actor_id for line in response.context["lines"]} == {me.pk}
    assert "what the person told us" in response.content.decode()


def test_what_one_did_in_a_case_that_is_hidden_since_stands_there_without_its_reference(
    staff_client: CarefulClient, cleo: User, dana: User, fay: User
) -> None:
    hidden, seen = make_case_in(CaseState.IN_REVIEW, lead=dana), make_case_in(CaseState.IN_REVIEW, lead=dana)
    for case in (hidden, seen):
        record(KernelVerb.VIEWED, by=cleo.actor, on=case, case_id=case.pk, detail={"compartment": "story"})
    restriction = cases.restrict(hidden, people=[cleo], why=HiddenWhy.COMMUNITY, by=dana.actor)[0]
    staff_client.force_login(cleo)
    shown = staff_client.get(PAGE)
    assert [line.case for line in shown.context["lines"] if line.event.case_id] == [seen.reference, ""]
    assert hidden.reference not in shown.content.decode() and str(hidden.pk) not in shown.content.decode()
    staff_client.force_login(fay)
    assert hidden.reference in staff_client.get("/trail/").content.decode()
    cases.lift_restriction(restriction, by=dana.actor)
    staff_client.force_login(cleo)
    assert hidden.reference in staff_client.get(PAGE).content.decode()


def test_a_long_footprint_comes_in_pages(staff_client: CarefulClient, cleo: User) -> None:
    staff_client.force_login(cleo)
    for _ in range(PAGE_SIZE + 2):
        record(KernelVerb.VIEWED, by=cleo.actor)
    first = staff_client.get(PAGE)
    assert len(first.context["lines"]) == PAGE_SIZE
    assert first.context["page"].next_token


def test_it_is_only_read_and_only_signed_in(staff_client: CarefulClient, cleo: User) -> None:
    assert staff_client.get(PAGE).status_code == 302
    staff_client.force_login(cleo)
    assert staff_client.post(PAGE).status_code == 405
