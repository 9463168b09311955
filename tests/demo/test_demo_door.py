"""The demo door: one click in the demo; nowhere else does it exist."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from rainbowrail.accounts.models import User
from rainbowrail.demo.checks import refuse_real_people
from tests.clients import STAFF_URLS, CarefulClient
from tests.factories.accounts import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_the_demo(settings: Any) -> None:
    import_module(STAFF_URLS)  # which reads DEMO when it is first imported, and must stay the ordinary door
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.demo.demo_urls"


@pytest.mark.usefixtures("in_the_demo")
def test_one_click_signs_in_as_after_both_factors(staff_client: CarefulClient, dana: User) -> None:
    assert "Enter as Dana" in staff_client.get("/demo/").content.decode()
    response = staff_client.post("/demo/", {"who": "dana@example.org"})
    assert response.status_code == 302
    assert staff_client.get("/").status_code == 200


@pytest.mark.usefixtures("in_the_demo")
def test_nobody_but_the_cast_enters_by_it(staff_client: CarefulClient) -> None:
    make_staff(name="Real", email="real@office.example")
    assert staff_client.post("/demo/", {"who": "real@office.example"}).status_code == 404
    assert "_auth_user_id" not in staff_client.session


@pytest.mark.usefixtures("in_the_demo")
@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [("/account/password/", "/account/password/"), ("//elsewhere.example/", "/account/"), ("", "/account/")],
)
def test_it_leads_back_to_the_page_that_asked_and_nowhere_else(
    wanted: str, led_to: str, staff_client: CarefulClient, dana: User
) -> None:
    staff_client.force_login(dana)
    confirm = staff_client.get("/account/confirm/", {"next": "/account/password/"}).content.decode()
    assert "/demo/?next=%2Faccount%2Fpassword%2F" in confirm
    door = staff_client.get("/demo/", {"next": wanted}).content.decode()
    assert f'name="next" value="{wanted}"' in door
    response = staff_client.post("/demo/", {"who": "dana@example.org", "next": wanted})
    assert response.headers["Location"] == led_to


@pytest.mark.usefixtures("in_the_demo")
def test_looking_at_it_signs_nobody_in(staff_client: CarefulClient, dana: User) -> None:
    staff_client.get("/demo/?who=dana@example.org")
    assert "_auth_user_id" not in staff_client.session


@pytest.mark.usefixtures("in_the_demo")
def test_the_sign_in_page_of_the_demo_leads_to_it(staff_client: CarefulClient) -> None:
    assert 'href="/demo/"' in staff_client.get("/account/login/").content.decode()


def test_elsewhere_there_is_no_such_page_and_no_way_to_it(staff_client: CarefulClient, dana: User) -> None:
    assert staff_client.get("/demo/").status_code == 404
    assert staff_client.post("/demo/", {"who": "dana@example.org"}).status_code == 404
    assert "demo" not in staff_client.get("/account/login/").content.decode()


@pytest.mark.urls("tests.demo.demo_urls")
def test_the_view_itself_refuses_where_it_is_no_demo(staff_client: CarefulClient, dana: User) -> None:
    assert staff_client.post("/demo/", {"who": "dana@example.org"}).status_code == 404


def test_a_demo_that_calls_itself_safe_for_production_is_refused(settings: Any) -> None:
    settings.DEMO = True
    refuse_real_people()
    settings.SECURE_COOKIES = True
    with pytest.raises(ImproperlyConfigured, match="real people"):
        apps.get_app_config("demo").ready()
    settings.DEMO = False
    refuse_real_people()
