"""After signing in one lands on a page, also when it was a form that met the sign-in."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import resolve, reverse

from cases.states import CaseState
from rainbowrail.accounts.models import User
from rainbowrail.accounts.way_back import shows_a_page
from rainbowrail.web.doors import DoorKind, door_of
from tests.architecture.test_doors import address, pages
from tests.clients import STAFF_URLS, CarefulClient
from tests.factories.accounts import enrol_app
from tests.factories.cases import make_case_in

pytestmark = pytest.mark.django_db


def led_to(location: str) -> str:
    return parse_qs(urlsplit(location).query)["next"][0]


def test_every_form_that_meets_the_sign_in_leads_to_a_page(staff_client: CarefulClient) -> None:
    forms_only = set()
    for name, entry, converters in pages(STAFF_URLS):
        door = door_of(entry.callback)
        if door is None or door.kind is DoorKind.OPEN:
            continue
        asked = address(STAFF_URLS, name, converters)
        back = led_to(staff_client.post(asked).headers["Location"])
        assert shows_a_page(resolve(urlsplit(back).path, urlconf=STAFF_URLS).func), (name, back)
        if not shows_a_page(entry.callback):
            forms_only.add(name)
            assert back != asked
    assert {"cases:identity", "panic:keep", "account_close_person"} <= forms_only


def test_a_form_of_the_case_page_leads_to_the_case(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo, lead=dana)
    asked = reverse("cases:identity", args=[case.reference])
    back = led_to(staff_client.post(asked).headers["Location"])
    assert back == reverse("cases:case", args=[case.reference])
    staff_client.force_login(cleo)
    assert staff_client.get(asked).status_code == 405 and staff_client.get(back).status_code == 200


def test_a_page_keeps_its_whole_address_and_a_marked_form_its_page(staff_client: CarefulClient, hana: User) -> None:
    assert led_to(staff_client.get("/trail/?verb=a").headers["Location"]) == "/trail/?verb=a"
    close = reverse("account_close_person", args=[hana.pk])
    assert led_to(staff_client.post(close).headers["Location"]) == reverse("account_person", args=[hana.pk])


def test_so_does_one_whose_session_showed_the_password_alone(staff_client: CarefulClient, dana: User) -> None:
    enrol_app(dana)
    staff_client.force_password_login(dana)
    assert led_to(staff_client.post(reverse("panic:keep")).headers["Location"]) == reverse("panic:plan")
