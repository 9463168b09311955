"""Keys without a mouse: one list for everybody's roles, a plain page, a switch, and what they do in a browser."""

import html

import pytest

from rainbowrail.accounts.models import User
from rainbowrail.web.shortcuts import shortcuts_for
from tests.clients import CarefulClient

pytestmark = pytest.mark.django_db
ADDRESS = "/components/keys/"


def keys_of(user: User) -> list[str]:
    return [one.keys for one in shortcuts_for(user.roles)]


def test_the_list_has_what_the_persons_roles_can_use(cleo: User, fay: User) -> None:
    assert keys_of(cleo) == ["?", "/", "j", "k", "o", "g q", "g s", "g c", "n"]
    assert keys_of(fay) == ["?", "j", "k", "o"]


def test_it_is_a_plain_page_that_every_staff_page_leads_to(staff_client: CarefulClient, fay: User) -> None:
    staff_client.force_login(fay)
    assert f'href="{ADDRESS}"' in staff_client.get("/trail/").content.decode()
    page = html.unescape(staff_client.get(ADDRESS).content.decode())
    assert "<kbd>j</kbd>" in page and "In a list: the next line" in page


def test_each_person_switches_them_off_and_on_for_themselves(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    staff_client.force_login(cleo)
    assert 'data-behaviour="shortcuts"' in staff_client.get("/").content.decode()
    assert staff_client.post(ADDRESS, {"answer": "off"}).status_code == 302
    assert 'data-behaviour="shortcuts"' not in staff_client.get("/").content.decode()
    assert "They are switched off." in staff_client.get(ADDRESS).content.decode()
    staff_client.force_login(dana)
    assert 'data-behaviour="shortcuts"' in staff_client.get("/").content.decode()
    staff_client.force_login(cleo)
    staff_client.post(ADDRESS, {"answer": "on"})
    assert 'data-behaviour="shortcuts"' in staff_client.get("/").content.decode()


def test_nobody_who_is_not_signed_in_gets_there(staff_client: CarefulClient) -> None:
    assert staff_client.get(ADDRESS).status_code == 302
