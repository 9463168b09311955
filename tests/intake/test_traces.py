"""As little trace as a browser allows: every page of the public door, walked by its table of addresses."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import URLPattern, get_resolver
from django.urls.converters import IntConverter, SlugConverter, UUIDConverter

from intake.consent_offers import offer
from intake.drain import drain
from intake.staff_actions import ask
from intake.steps import STEPS
from rainbowrail.actors import Actor, ActorKind
from tests.clients import PUBLIC_URLS, PublicClient
from tests.factories.intake import Sent, ade, in_days, sent
from tests.intake.coming_back import comes_back, text_of

pytestmark = pytest.mark.django_db
CLEO = Actor(ActorKind.STAFF, staff_id=1)
TERMS = {
    "programme": "canada_gar", "parts": [{"letter": "B", "words": "people"}], "recipient": {"name": "M. Tran", "office": "R."},
    "recipient_id": str(uuid4()), "country": "CAN", "purpose": "resettlement", "text_version": "x",
}  # fmt: skip
# Pages after which nothing is left to leave, and addresses that answer no page.
NO_WAY_OUT = {"leave", "piece"}
NOT_PAGES = {"healthz", "readyz", "language", "language_of", "piece"}
PLAN = {
    "contact_channel": "email", "contact_address": "ade@example.org", "contact_shared_device": False,
    "contact_confirmed_on": in_days(0).isoformat(),
}  # fmt: skip


PATTERNS = {
    str(pattern.name): pattern for pattern in get_resolver("intake.urls").url_patterns if isinstance(pattern, URLPattern)
}


def routes() -> Iterator[str]:
    assert len(PATTERNS) == len(get_resolver("intake.urls").url_patterns), "every address of the public door has its own name"
    yield from PATTERNS


class Person:
    """Somebody with a session and everything that a page may be about."""

    def __init__(self) -> None:
        self.done: Sent = sent(ade(**PLAN))
        drain()
        self.question = ask(self.done.visit.help_request_id, "Is it still safe?", by=CLEO)
        self.offer = offer(self.done.request, TERMS | {"ends_on": in_days(30).isoformat()}, by=CLEO)
        self.browser = comes_back(self.done.code)

    def address(self, name: str) -> str:
        return address_of(self.browser, name, question=self.question.id, offer=self.offer.id)


def address_of(browser: PublicClient, name: str, *, question: object, offer: object) -> str:
    """Return the address of a page, with ids and slugs where it takes some."""
    named = {"message_id": question, "offer_id": offer}
    converters = PATTERNS[name].pattern.converters
    usual: dict[type, object] = {SlugConverter: STEPS[0].slug, UUIDConverter: uuid4(), IntConverter: 1}
    taken = {key: named.get(key, usual[type(converter)]) for key, converter in converters.items()}
    return browser.url(f"intake:{name}", **taken)


def pages_seen(browser: PublicClient, question: object = None, offer: object = None) -> Iterator[tuple[str, Any]]:
    # The page that ends the session comes last.
    for name in sorted({*routes()} - NOT_PAGES, key=lambda name: (name in NO_WAY_OUT, name)):
        yield name, browser.get(address_of(browser, name, question=question or uuid4(), offer=offer or uuid4()))


def test_leave_now_is_on_every_page_also_where_something_went_wrong() -> None:
    person = Person()
    seen = set(routes())
    shown = 0
    for browser in (PublicClient(), person.browser):
        for name, response in pages_seen(browser, person.question.id, person.offer.id):
            if response.status_code in {301, 302} or name in NO_WAY_OUT:
                continue
            shown += 1
            assert 'data-behaviour="leave-now"' in response.content.decode(), name
        if browser is not person.browser:
            assert 'data-behaviour="leave-now"' in browser.get("/nowhere").content.decode()
            assert 'data-behaviour="leave-now"' in browser.delete("/").content.decode()
    assert {"here", "plan", "new_plan", "offer", "end_consent", "delete_all", "gone"} <= seen
    assert shown > len(seen)


def test_no_cookie_is_set_before_it_is_needed() -> None:
    """Before the first answer only a page with a form sets one: the mark that its form is ours, until the browser closes."""
    assert not PublicClient().get(PublicClient().url("intake:start")).cookies
    for name, response in pages_seen(PublicClient()):
        has_form = b"<form" in response.content
        own = {key for key, morsel in response.cookies.items() if morsel.value}
        assert own <= ({settings.CSRF_COOKIE_NAME} if has_form else set()), name
    for name in ("safety", "gone"):
        assert not PublicClient().get(PublicClient().url(f"intake:{name}")).cookies, name


def test_every_page_is_private_neutral_and_asks_nobody_else() -> None:
    person = Person()
    for browser in (PublicClient(), person.browser):
        for name, response in pages_seen(browser, person.question.id, person.offer.id):
            assert response.headers["Cache-Control"] == "no-store", name
            assert response.headers["Referrer-Policy"] == "no-referrer", name
            assert "default-src 'none'" in response.headers["Content-Security-Policy"], name
            html = response.content.decode()
            if title := re.search(r"<title>(.*?)</title>", html, re.DOTALL):
                assert not re.search(r"rainbow|help|refug|asylum|queer|lgbt|danger|delete", title[1], re.IGNORECASE), name
            assert not re.search(r'(?:src|href|action)="(?:https?:)?//', html), name


def test_what_is_sent_never_stands_in_an_address() -> None:
    person = Person()
    browser = person.browser
    once = {"once": "a"}
    plan = {"contact_channel": "text", "contact_address": "+256 700 123456", "contact_leave_message": "true"}
    for name, form in (
        ("write", {"text": "canary words"}), ("answer", {"text": "canary words"}), ("plan", {}), ("new_plan", plan),
        ("offer", {"answer": "yes"}),
    ):  # fmt: skip
        response = browser.post(person.address(name), once | {"once": name} | form)
        assert response.status_code == 302, (name, text_of(response))
        assert "?" not in response.headers["Location"]
        assert "canary" not in response.headers["Location"]


@pytest.mark.parametrize("name", sorted({*routes()} - NOT_PAGES))
def test_head_answers_as_get_without_a_body(name: str) -> None:
    browser = PublicClient()
    address = address_of(browser, name, question=uuid4(), offer=uuid4())
    got, head = browser.get(address), PublicClient().head(address)
    assert head.status_code == got.status_code
    assert head.content == b""


def test_head_of_the_page_before_the_first_answer_begins_nothing() -> None:
    from intake.models import Draft

    browser = PublicClient()
    browser.head(browser.url("intake:begin"))
    assert not Draft.objects.exists()


# --- the onion service ---

ONION = "http://abcdefghijklmnop.onion"
AS_SERVED = {"ONION_LOCATION": ONION, "SECURE_SSL_REDIRECT": True, "IS_PUBLIC": True, "ALLOWED_HOSTS": ["*"]}


@override_settings(**AS_SERVED)
def test_every_page_says_where_it_is_as_an_onion_service() -> None:
    browser = PublicClient()
    response = browser.get(browser.url("intake:safety"), secure=True)
    assert response.headers["Onion-Location"] == f"{ONION}{browser.url('intake:safety')}"
    assert browser.get("/nowhere", secure=True).headers["Onion-Location"] == f"{ONION}/nowhere"
    assert "?" not in browser.get("/languages?next=/begin", secure=True).headers["Onion-Location"]
    assert "Onion-Location" not in browser.get("/healthz", secure=True).headers


def test_without_an_onion_service_no_page_speaks_of_one() -> None:
    browser = PublicClient()
    assert "Onion-Location" not in browser.get(browser.url("intake:start")).headers


@override_settings(**AS_SERVED)
def test_the_whole_way_back_works_at_the_onion_address_over_http() -> None:
    done = sent()
    drain()
    browser = PublicClient(enforce_csrf_checks=True, HTTP_HOST="abcdefghijklmnop.onion")
    page = browser.get(browser.url("intake:back"))
    assert page.status_code == 200
    assert "Onion-Location" not in page.headers
    assert "Strict-Transport-Security" not in page.headers
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert token is not None
    form = {"csrfmiddlewaretoken": token[1], "return_code": done.code}
    response = browser.post(browser.url("intake:back"), form, HTTP_ORIGIN="null")
    assert response.headers.get("Location") == browser.url("intake:here")
    assert browser.get(browser.url("intake:here")).status_code == 200


@override_settings(**AS_SERVED)
def test_every_other_address_goes_to_https() -> None:
    response = PublicClient(HTTP_HOST="form.example").get("/")
    assert response.headers["Location"] == "https://form.example/"


def test_the_public_door_names_the_routes_that_were_walked() -> None:
    names = {pattern.name for pattern in get_resolver(PUBLIC_URLS).url_patterns if isinstance(pattern, URLPattern)}
    assert names <= NOT_PAGES | set(routes())
