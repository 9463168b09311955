"""Whoever signs in lands on a page that they may open."""

import pytest

from rainbowrail.accounts.models import User
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("address", ["/account/", "/"])
def test_every_role_arrives_somewhere(staff_client: CarefulClient, role: Role, address: str) -> None:
    staff_client.force_login(make_staff(role))
    assert staff_client.get(address, follow=True).status_code == 200


@pytest.mark.parametrize("address", ["/account/", "/"])
def test_a_person_without_a_role_is_told_what_to_do(staff_client: CarefulClient, gus: User, address: str) -> None:
    staff_client.force_login(gus)
    assert "Ask your administrator" in staff_client.get(address, follow=True).content.decode()


def test_the_auditor_arrives_at_the_trail(staff_client: CarefulClient, fay: User) -> None:
    staff_client.force_login(fay)
    assert staff_client.get("/account/").headers["Location"] == "/trail/"


def test_a_stranger_signs_in_first(staff_client: CarefulClient) -> None:
    assert staff_client.get("/account/").headers["Location"] == "/account/login/?next=/account/"
