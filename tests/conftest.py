"""The guard rails: real servers, closed network, closed mail, no undefined template variable, keys in place.

The servers and the environment are made by tests/servers.py, before Django reads its settings.
"""

import ipaddress
import os
import socket
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import redis as redis_client
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import translation

from rainbowrail.crypto import datakeys, grants
from rainbowrail.devtools import browser
from rainbowrail.devtools.errors import CannotRun

pytest_plugins = ["tests.cast", "tests.clients", "tests.roles", "tests.worlds"]


# --- the network is closed but for loopback ---

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


def _refuse_strangers(address: object) -> None:
    if not isinstance(address, tuple):
        return  # a socket file
    host = str(address[0])
    try:
        is_near = ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        is_near = host == "localhost"
    if not is_near:
        raise RuntimeError(f"A test tried to reach {host}; tests may only speak to this machine.")


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """Refuse every connection that leaves the machine; whoever tries learns it at once, not after a timeout."""

    def connect(self: socket.socket, address: Any) -> None:
        _refuse_strangers(address)
        return _connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_strangers(address)
        return _connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        yield


# --- the database has the roles and grants of production, and rows for the keys ---


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """After the migrations, apply the grants, as production does. A transactional test may empty the trail; nobody else may."""
    with django_db_blocker.unblock():
        grants.apply(connection)
    # Of the class: each thread, and each loop of a browser, has a connection of its own.
    operations = type(connection.ops)
    empty = operations.execute_sql_flush

    def empty_all(self: Any, sql_list: Iterable[str]) -> None:
        empty(self, ["SET LOCAL session_replication_role = replica", *sql_list])

    operations.execute_sql_flush = empty_all  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _key_rows(request: pytest.FixtureRequest) -> None:
    """Register the test keys in every test that may touch the database, also after a transactional test emptied it."""
    uses_database = {"db", "transactional_db", "django_db_serialized_rollback"} & set(request.fixturenames)
    if uses_database or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("_django_db_helper")
        call_command("keys", "register", verbosity=0)


@pytest.fixture(autouse=True)
def _data_key_scope() -> Iterator[None]:
    """Give each test its own scope of opened data keys, and forget them after it."""
    with datakeys.scope():
        yield


# --- Redis ---


@pytest.fixture
def redis() -> Iterator["redis_client.Redis"]:
    """A client of this process's own Redis number, empty before and after."""
    with redis_client.Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()
        yield client
        client.flushdb()


# --- templates and mail ---


class UndefinedVariable(str):
    """Stands where a template names a variable that the view did not give, and fails."""

    __slots__ = ()

    def __contains__(self, text: object) -> bool:
        return text == "%s"

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"The template names {name}, which nothing defines.")


@pytest.fixture(autouse=True, scope="session")
def _undefined_variables_fail() -> None:
    for engine in settings.TEMPLATES:
        engine["OPTIONS"]["string_if_invalid"] = UndefinedVariable("%s")


@pytest.fixture
def on_commit_now(django_capture_on_commit_callbacks: Callable[..., Any]) -> Iterator[list[Callable[[], Any]]]:
    """Run what was put off until after the commit, at the end of the test's block."""
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        yield callbacks


# --- a real browser ---


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Let pytest-playwright's `browser` and `page` be the Chromium of this machine; it downloads none."""
    try:
        program = browser.program()
    except CannotRun as reason:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(str(reason))
    # Playwright keeps an event loop in this thread, which Django takes for an asynchronous view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {**browser_type_launch_args, "executable_path": program, "args": browser.arguments()}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Journeys name the door they open. pytest-playwright's own fixture of this name is written in a way pytest 9 warns of."""


# --- what took how long ---

_seconds: dict[str, float] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    group = "/".join(report.nodeid.split("/")[:2]).split("::")[0]
    _seconds[group] = _seconds.get(group, 0.0) + report.duration


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if os.environ.get("PYTEST_XDIST_WORKER") or not _seconds:
        return
    terminalreporter.section("minutes per group")
    for group, seconds in sorted(_seconds.items(), key=lambda item: -item[1]):
        terminalreporter.write_line(f"{seconds / 60:6.2f}  {group}")


@pytest.fixture(autouse=True)
def _language() -> None:
    """Begin every test in the project's own language: a page leaves that of its reader active in the thread."""
    translation.deactivate()
