"""Whatever is sent to the public door, it answers with a page: never an error of ours, with a session or without.

The clients raise what a view raises, so an error fails here even where its page would look calm.
"""

from urllib.parse import quote
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.clients import PUBLIC_URLS, PublicClient
from tests.intake.test_applicant_journey import browser, send_a_request, step

__all__ = ["browser"]
pytestmark = pytest.mark.django_db

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
WORDS = ("\x00", "²", "9" * 5000, "-1", "NaN", "<b>", "\u202e\u200f")
NAMES = ("revision", "once", "return_code", "group", "text", "keep", "carried_step", "kept-x", "kept-text", "language", "next",
         "code", "file", "call_you", "last_harm", "dependants", "part")  # fmt: skip
BODIES = [
    *[("&".join(f"{name}={quote(word)}" for name in NAMES).encode(), FORM) for word in WORDS],
    (b"call_you=%ED%A0%BD", FORM),
    (b"\xff\xfe\x00", FORM),
    (b"a=1", f"{FORM}; charset=nonsense"),
    (b"{}", "application/json"),
    (b"broken", MULTIPART),
    (b"", "multipart/form-data"),
    (b"&".join(b"a%d=1" % number for number in range(3000)), FORM),
    (b"own_words=" + b"x" * 4_000_000, FORM),
]
QUERY = "next=%00&after=%ff&language=%00&x=" + "9" * 3000


def addresses() -> list[str]:
    """Every address of the door; of the steps three that are and one that is not."""
    found = []
    for route in _routes(get_resolver(PUBLIC_URLS).url_patterns):
        address = f"/{route}".replace("<uuid:message_id>", str(uuid4())).replace("<slug:code>", "xx")
        address = address.replace("<uuid:one>", str(uuid4())).replace("<int:page>", "1")
        found += [address.replace("<slug:slug>", slug) for slug in ("s05", "s20", "s31", "s99")]
    return sorted(set(found))


def _routes(patterns: list[URLPattern | URLResolver], before: str = "") -> list[str]:
    found = []
    for one in patterns:
        route = before + str(one.pattern)
        found += _routes(one.url_patterns, route) if isinstance(one, URLResolver) else [route]
    return found


@pytest.mark.parametrize("session", ["nobody", "draft", "sent"])
def test_every_address_answers_whatever_is_sent(browser: PublicClient, session: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.limiter.allows", lambda *args, **kwargs: True)
    if session == "draft":
        step(browser, "s05", call_you="Ade")
        step(browser, "s19", events=["trial"])
    elif session == "sent":
        send_a_request(browser)
    ends_it = {browser.url("intake:leave"), browser.url("intake:erase")}
    for address in sorted(addresses(), key=lambda address: address in ends_it):
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
            assert browser.generic(method, address, QUERY_STRING=QUERY).status_code < 500, (method, address)
        for body, kind in BODIES:
            answer = browser.generic("POST", address, body, content_type=kind)
            assert answer.status_code < 500, (address, body[:60], kind)
