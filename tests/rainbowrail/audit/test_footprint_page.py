"""Everybody may read what they themselves opened and did, and nobody else's."""

import pytest

from rainbowrail.accounts.models import User
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.web.pagination import PAGE_SIZE
from tests.clients import CarefulClient

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
