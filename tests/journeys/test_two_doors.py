"""Two doors, one vault: neither knows the other's pages, and the public process holds nothing that opens anything."""

import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib import import_module
from uuid import UUID

import psutil
import psycopg
import pytest
from django.urls import URLPattern, URLResolver
from psycopg.errors import InsufficientPrivilege

from rainbowrail.devtools import logins
from rainbowrail.devtools.child import passed_on
from rainbowrail.devtools.world import ROOT
from tests.worlds import OpenBrowser, Running

# One value of each kind that stands in an address.
EXAMPLES = {
    "reference": "RR-4VQ3-M73D",
    "packet": "K7MT-4QWD",
    "uuid": str(UUID(int=7)),
    "slug": "s01",
    "str": "something",
    "int": "7",
}
SHARED = {"/", "/healthz", "/readyz", "/language/"}
# What the public process must never have loaded: the staff's half, accounts and sessions, what opens and makes packets.
STAFF_ONLY = (
    "cases",
    "referrals",
    "allauth",
    "pyrage",
    "typst",
    "intake.drain",
    "intake.staff_actions",
    "rainbowrail.accounts",
    "rainbowrail.audit",
    "rainbowrail.demo",
    "rainbowrail.devtools",
    "rainbowrail.lifecycle",
    "rainbowrail.notifications",
    "django.contrib.admin",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
)


def addresses(urlconf: str) -> set[str]:
    """Return an address of every page of a door."""
    return set(_walk(import_module(urlconf).urlpatterns, "/"))


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        route = str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, prefix + route)
            continue
        for name, converter in pattern.pattern.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
            route = route.replace(f"<{kind}:{name}>", EXAMPLES[kind]).replace(f"<{name}>", EXAMPLES[kind])
        yield prefix + route


PUBLIC_PAGES, STAFF_PAGES = addresses("rainbowrail.urls.public"), addresses("rainbowrail.urls.staff")


def status_of(url: str) -> int:
    class StayHere(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: object, **kwargs: object) -> None:
            return None

    try:
        return int(urllib.request.build_opener(StayHere).open(url, timeout=10).status)
    except urllib.error.HTTPError as answer:
        return answer.code


def test_each_door_greets_in_the_language_of_the_browser(running: Running, open_browser: OpenBrowser) -> None:
    page = open_browser().new_page()
    for door in (running.public, running.staff):
        answer = page.goto(door)
        assert answer and answer.ok
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("h1").count() == 1


def test_no_address_of_one_door_is_known_at_the_other(running: Running) -> None:
    assert PUBLIC_PAGES & STAFF_PAGES == SHARED
    assert len(PUBLIC_PAGES) > 15
    assert len(STAFF_PAGES) > 40
    known = {path: status_of(running.public + path) for path in STAFF_PAGES - SHARED}
    assert {path: status for path, status in known.items() if status != 404} == {}
    known = {path: status_of(running.staff + path) for path in PUBLIC_PAGES - SHARED}
    assert {path: status for path, status in known.items() if status != 404} == {}


def test_each_door_knows_its_own_addresses(running: Running) -> None:
    """Otherwise the test above would be content with two doors that know nothing at all."""
    for path in ("/begin", "/form/s01", "/back"):
        assert status_of(running.public + path) == 200
    for path in ("/trail/", "/referrals/", "/cases/RR-4VQ3-M73D/"):
        assert status_of(running.staff + path) == 302  # to sign in


def processes(running: Running, name: str) -> list[psutil.Process]:
    child = running.world.children[name].process
    assert child
    leader = psutil.Process(child.pid)
    return [leader, *leader.children(recursive=True)]


def test_the_public_process_is_told_no_key_and_no_password_of_others(running: Running) -> None:
    folder = running.world.keys / "public"
    names = sorted(path.name for path in folder.iterdir())
    assert [name for name in names if not name.endswith(".pub")] == ["cookie.key", "pepper-1.key"]
    others = [
        secret
        for path in running.world.keys.rglob("*.key")
        if path.name not in names or path.read_bytes() != (folder / path.name).read_bytes()
        for secret in [path.read_text()]
    ]
    assert len(others) > 5
    for process in processes(running, "public"):
        told = process.environ()
        assert told["RAINBOWRAIL_KEYS"] == str(folder)
        for role in (logins.OWNER, logins.STAFF, logins.BACKUP):
            assert running.world.access.database_url(role) not in told.values()
        assert not [secret for secret in others if any(secret.strip() in value for value in told.values())]
        # Linux tells which files a process has open or mapped; the staff's compiled parts must not be among them.
        mapped = {region.path for region in process.memory_maps()} if hasattr(process, "memory_maps") else set()
        assert not [path for path in mapped if "pyrage" in path or "typst" in path]


def test_the_public_process_loads_nothing_of_the_staff_side(running: Running) -> None:
    """A program told what the public process is told opens every page once, and says what it has loaded by then."""
    look = """
import sys
from django.core.wsgi import get_wsgi_application
get_wsgi_application()
from django.test import Client
for path in sys.argv[1:]:
    Client(headers={"host": "localhost"}).get(path)
print(*sorted(sys.modules), sep="\\n")
"""
    told = {**passed_on(), **running.world.access.environment("public")}
    done = subprocess.run(
        [sys.executable, "-c", look, *sorted(PUBLIC_PAGES)], cwd=ROOT, env=told, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "intake.views.questionnaire" in loaded
    assert [name for name in STAFF_ONLY if name in loaded] == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT box FROM intake_delivery",
        "SELECT count(*) FROM intake_delivery",
        "UPDATE intake_delivery SET state = 'opened'",
        "DELETE FROM intake_delivery",
        "SELECT answers FROM intake_helprequest",
        "SELECT wrapped FROM crypto_datakey",
        "SELECT id FROM cases_case",
        "SELECT email FROM accounts_user",
        "TRUNCATE intake_draft",
    ],
)
def test_the_public_role_cannot_read_back_what_was_sent(running: Running, statement: str) -> None:
    with psycopg.connect(running.world.access.database_url(logins.PUBLIC)) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(statement)  # type: ignore[call-overload]  # a list of fixed statements


@pytest.mark.parametrize("table", ["draft", "visit", "returncode", "requeststatus", "message"])
def test_the_public_role_sees_no_row_of_anybody_it_does_not_name(running: Running, table: str) -> None:
    query = f"SELECT count(*) FROM intake_{table}"  # noqa: S608 - names of ours
    assert running.rows(query, role=logins.PUBLIC) == [(0,)]  # type: ignore[arg-type]
