"""Two doors: every view is marked for its own, neither knows the other's addresses, the public one holds no private key."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.urls import NoReverseMatch, Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse

from rainbowrail.accounts.urls import THIRD_PARTY_PAGES
from rainbowrail.web.doors import DoorKind, door_of
from tests.clients import PUBLIC_URLS, STAFF_URLS, CarefulClient, PublicClient

ROOT = Path(__file__).resolve().parents[2]
SHARED = {"healthz", "readyz", "language"}
# Open on the staff door: what somebody needs who is not signed in yet.
OPEN_ON_STAFF = SHARED | {
    "account_login", "account_login_passkey", "account_logout", "account_inactive", "account_invitation",
    "mfa_authenticate",
}  # fmt: skip
EXAMPLES: dict[str, Any] = {
    "UUIDConverter": UUID(int=1),
    "IntConverter": 1,
    "SlugConverter": "here",
    "StringConverter": "here",
    "PathConverter": "here",
    "ReferenceConverter": "RR-K7MT-4QWD",
    "PacketConverter": "K7MT-4QWD",
}


def walk(resolver: URLResolver, names: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern, dict[str, Any]]]:
    """Yield every routed view with its full name and the converters on its way."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from walk(entry, (*names, entry.namespace) if entry.namespace else names)
        else:
            converters = {**resolver.pattern.converters, **entry.pattern.converters}
            yield ":".join((*names, entry.name or "")), entry, converters


def pages(urls: str) -> list[tuple[str, URLPattern, dict[str, Any]]]:
    return list(walk(get_resolver(urls)))


def address(urls: str, name: str, converters: dict[str, Any]) -> str:
    arguments = {key: EXAMPLES[type(converter).__name__] for key, converter in converters.items()}
    return reverse(name, urlconf=urls, kwargs=arguments or None)


def original(view: Callable[..., Any]) -> Callable[..., Any]:
    """The function below its decorators, so that the same view is found on both doors whatever wraps it."""
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return view


@pytest.mark.parametrize(("urls", "kinds"), [(PUBLIC_URLS, {"open", "applicant"}), (STAFF_URLS, {"open", "staff"})])
def test_every_view_wears_a_mark_of_its_own_door(urls: str, kinds: set[str]) -> None:
    wrong = {
        name: door for name, entry, _ in pages(urls) if (door := door_of(entry.callback)) is None or door.kind not in kinds
    }
    assert wrong == {}


def test_every_view_has_a_name() -> None:
    assert [entry for urls in (PUBLIC_URLS, STAFF_URLS) for name, entry, _ in pages(urls) if not name.split(":")[-1]] == []


def test_what_is_open_on_the_staff_door_is_known_one_by_one() -> None:
    opened = {name for name, entry, _ in pages(STAFF_URLS) if (door := door_of(entry.callback)) and door.kind is DoorKind.OPEN}
    assert opened == OPEN_ON_STAFF


def test_what_is_open_on_the_public_door_is_health_and_language() -> None:
    opened = {name for name, entry, _ in pages(PUBLIC_URLS) if (door := door_of(entry.callback)) and door.kind is DoorKind.OPEN}
    assert opened == SHARED


@pytest.mark.parametrize(("here", "there"), [(STAFF_URLS, PUBLIC_URLS), (PUBLIC_URLS, STAFF_URLS)])
def test_neither_door_knows_a_name_or_a_view_of_the_other(here: str, there: str) -> None:
    views_there = {original(entry.callback): name for name, entry, _ in pages(there)}
    for name, entry, converters in pages(here):
        if name in SHARED:
            continue
        with pytest.raises(NoReverseMatch):
            address(there, name, converters)
        assert original(entry.callback) not in views_there, f"{name} is routed on both doors"


@pytest.mark.parametrize(("here", "there"), [(STAFF_URLS, PUBLIC_URLS), (PUBLIC_URLS, STAFF_URLS)])
def test_an_address_of_one_door_leads_nowhere_on_the_other(here: str, there: str) -> None:
    for name, _, converters in pages(here):
        path = address(here, name, converters)
        if name in SHARED or path == "/":
            continue
        with pytest.raises(Resolver404):
            resolve(path, urlconf=there)


@pytest.mark.django_db
def test_staff_addresses_answer_404_at_the_public_door_and_set_nothing() -> None:
    client = PublicClient()
    for path in ("/account/login/", "/trail/", "/referrals/", "/notices/", "/components/", "/cases/RR-K7MT-4QWD/", "/admin/"):
        response = client.get(path)
        assert (response.status_code, len(response.cookies)) == (404, 0), path


@pytest.mark.django_db
def test_a_stranger_sees_no_staff_page(staff_client: CarefulClient) -> None:
    for name, _, converters in pages(STAFF_URLS):
        if name in OPEN_ON_STAFF:
            continue
        response = staff_client.get(address(STAFF_URLS, name, converters))
        assert response.status_code == 302, name
        assert response.headers["Location"].startswith("/account/login/"), name


def test_the_pages_of_allauth_that_exist_are_those_of_the_table() -> None:
    theirs = {name for name, entry, _ in pages(STAFF_URLS) if original(entry.callback).__module__.startswith("allauth.")}
    assert theirs <= {name for _, _, name, _ in THIRD_PARTY_PAGES}


# --- the public process itself, started as it is in production ---

PUBLIC_PROCESS = """
import json, sys
from django.test import RequestFactory
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
list(get_resolver().reverse_dict.lists())
status = Client(headers={"host": "localhost"}).get("/healthz").status_code
from rainbowrail.crypto import keyring
ring = keyring.current()
print(json.dumps({
    "modules": sorted(sys.modules),
    "secrets": sorted(kind.value for kind, keys in ring.secrets.items() if keys),
    "pinned": len(ring.pinned),
    "apps": settings.INSTALLED_APPS,
    "urls": settings.ROOT_URLCONF,
    "status": status,
}))
"""


@pytest.fixture(scope="module")
def public_process(django_db_setup: None) -> dict[str, Any]:
    environment = os.environ | {
        "RAINBOWRAIL_PROCESS": "public",
        "RAINBOWRAIL_KEYS": str(Path(settings.KEYS_DIR).parent / "public"),
        "DJANGO_SETTINGS_MODULE": "rainbowrail.settings.dev",
    }
    command = [sys.executable, "-W", "ignore", "-c", PUBLIC_PROCESS]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_public_process_serves_only_its_own_door(public_process: dict[str, Any]) -> None:
    assert (public_process["urls"], public_process["status"]) == (PUBLIC_URLS, 200)


def test_the_public_process_loads_nothing_of_the_staff_side(public_process: dict[str, Any]) -> None:
    forbidden = (
        "cases", "referrals", "allauth", "pgtrigger", "typst", "pyrage",
        "django.contrib.auth", "django.contrib.sessions", "django.contrib.contenttypes",
        "rainbowrail.accounts", "rainbowrail.audit", "rainbowrail.lifecycle", "rainbowrail.notifications", "rainbowrail.demo",
        "rainbowrail.devtools",
    )  # fmt: skip
    loaded = [
        name for name in public_process["modules"] if any(name == part or name.startswith(part + ".") for part in forbidden)
    ]
    assert loaded == []
    assert not set(public_process["apps"]) & set(settings.STAFF_APPS)


def test_the_public_process_holds_no_private_key(public_process: dict[str, Any]) -> None:
    assert public_process["secrets"] == ["pepper"]
    assert public_process["pinned"] >= 1


@pytest.mark.parametrize(
    ("process", "kinds"),
    [
        ("public", {"pepper"}),
        ("staff", {"store", "index", "pepper", "audit", "totp"}),
        ("worker", {"intake", "store", "index", "audit", "signing"}),
    ],
)
def test_each_folder_of_keys_holds_what_its_process_may_hold_and_no_more(process: str, kinds: set[str]) -> None:
    from rainbowrail.crypto import keyring

    with keyring.using(Path(settings.KEYS_DIR).parent / process):
        assert {kind.value for kind, keys in keyring.current().secrets.items() if keys} == kinds
