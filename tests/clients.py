"""Clients that read every page they get and refuse what must never be on one.

`staff_client` speaks to the staff door, `public_client` to the public door with that door's own middleware and URLs. Both
refuse inline script and style, addresses of other hosts, template tags that were not rendered, fields without a label, and a
page without language, direction, title or exactly one `h1`.
"""

import gzip
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponseBase
from django.test import Client, override_settings
from django.test.client import ClientHandler
from django.urls import reverse

from rainbowrail.accounts import standing

PUBLIC_URLS = "rainbowrail.urls.public"
STAFF_URLS = "rainbowrail.urls.staff"
_UNRENDERED = re.compile(r"\{[%{#]|[%}#]\}")
_ELSEWHERE = re.compile(r"^\s*(?:[a-z]+:)?//", re.IGNORECASE)
_LABELLED = {"input", "select", "textarea"}
_NEEDS_NO_LABEL = {"hidden", "submit", "button", "reset"}
# Attributes that make the browser fetch; a link that a person follows may lead elsewhere.
_FETCHES = {"src", "srcset", "action", "formaction", "poster", "data"}


@dataclass
class Page(HTMLParser):
    """What one page says, and what is wrong with it."""

    faults: list[str] = field(default_factory=list)
    headings: int = 0
    title: str = ""
    html: dict[str, str | None] = field(default_factory=dict)
    _labels_for: set[str] = field(default_factory=set)
    _fields: list[tuple[str, dict[str, str | None], bool]] = field(default_factory=list)
    _inside: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"label", "title", "script", "style"}:
            self._inside.append(tag)
        if tag == "html":
            self.html = given
        self.headings += tag == "h1"
        if tag == "label" and given.get("for"):
            self._labels_for.add(str(given["for"]))
        if tag == "style" or "style" in given:
            self.faults.append(f"inline style at <{tag}>")
        if tag == "script" and not given.get("src") and given.get("type") != "application/json":
            self.faults.append("inline script")
        self.faults += [f"inline handler {name}" for name in given if name.startswith("on")]
        self.faults += [
            f"javascript: address at <{tag}>"
            for value in given.values()
            if (value or "").strip().lower().startswith("javascript:")
        ]
        fetched = _FETCHES | ({"href"} if tag in {"link", "use", "image", "base"} else set())
        self.faults += [
            f"fetches from elsewhere: {given[n]}" for n in fetched & given.keys() if _ELSEWHERE.match(given[n] or "")
        ]
        if tag in _LABELLED and given.get("type") not in _NEEDS_NO_LABEL:
            self._fields.append((tag, given, "label" in self._inside))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            self._inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if "title" in self._inside:
            self.title += data
        if "style" in self._inside or ("script" in self._inside and data.strip() and "application/json" not in self.rawdata):
            self.faults.append("inline code")

    def finish(self) -> list[str]:
        """Return everything that is wrong with the page."""
        self.close()
        if self.headings != 1:
            self.faults.append(f"{self.headings} h1 headings; a page has one")
        if not self.html.get("lang") or self.html.get("dir") not in {"ltr", "rtl"}:
            self.faults.append("html states no language or direction")
        if not self.title.strip():
            self.faults.append("no title")
        for tag, given, within_label in self._fields:
            labelled = (
                within_label or given.get("id") in self._labels_for or given.get("aria-label") or given.get("aria-labelledby")
            )
            if not labelled:
                self.faults.append(f"<{tag} name={given.get('name')!r}> has no label")
        return self.faults


def faults_of(html: str) -> list[str]:
    """Return what must not be on a page, as short sentences; an empty list for a good page."""
    page = Page()
    page.feed(html)
    faults = page.finish()
    rendered = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    return faults + [f"unrendered template tag {found!r}" for found in sorted(set(_UNRENDERED.findall(rendered)))]


class CarefulClient(Client):
    """A test client that fails the test when a page it got is not fit to be shown."""

    urls = STAFF_URLS

    def force_login(self, user: Any, backend: str | None = None) -> None:
        """Sign somebody in as after both factors, recently; `force_password_login` is as after the password alone."""
        self.force_password_login(user, backend)
        session = self.session
        session[standing.KEY] = standing.mark_of(user)
        session.save()

    def force_password_login(self, user: Any, backend: str | None = None) -> None:
        super().force_login(user, backend)

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        if response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming and response.content:
            is_small = response.headers.get("Content-Encoding") == "gzip"
            faults = faults_of((gzip.decompress(response.content) if is_small else response.content).decode())
            assert not faults, (
                f"{request['REQUEST_METHOD']} {request['PATH_INFO']} ({response.status_code}): {'; '.join(faults)}"
            )
        return response

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return the address of a page of this door by its name."""
        return reverse(name, urlconf=self.urls, args=args, kwargs=kwargs or None)


class _PublicHandler(ClientHandler):
    """Runs requests through the public door's middleware and URLs, in a process that is otherwise the staff's."""

    def load_middleware(self, is_async: bool = False) -> None:
        with override_settings(MIDDLEWARE=settings.PUBLIC_MIDDLEWARE):
            super().load_middleware(is_async)

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        request.urlconf = PUBLIC_URLS  # type: ignore[attr-defined]
        # Middleware that answers before the address is resolved looks names up in the settings' configuration.
        with override_settings(ROOT_URLCONF=PUBLIC_URLS):
            return WSGIHandler.get_response(self, request)


class PublicClient(CarefulClient):
    """Speaks to the public door, as a browser without script that keeps cookies."""

    urls = PUBLIC_URLS

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.handler = _PublicHandler(enforce_csrf_checks=kwargs.get("enforce_csrf_checks", False))


@pytest.fixture
def staff_client(db: None) -> CarefulClient:
    """Nobody is signed in yet: `staff_client.force_login(cleo)`."""
    return CarefulClient()


@pytest.fixture
def public_client(db: None) -> PublicClient:
    return PublicClient()
