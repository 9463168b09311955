"""Whatever staff do leaves a line in the trail. Walks the URL table and the list of commands, so that what is added joins."""

import inspect
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from django.core.management import get_commands
from django.urls import reverse

from cases import actions
from cases.states import CodeCheck
from intake.states import Audience
from rainbowrail.accounts.models import User
from rainbowrail.audit import record as trail
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import key_events
from rainbowrail.lifecycle import engine
from rainbowrail.roles import Role
from tests.architecture.test_doors import original, pages
from tests.clients import STAFF_URLS, CarefulClient
from tests.factories.accounts import make_staff
from tests.staff_walk import World, addresses, make_world, path_of, visit

OURS = ("rainbowrail", "intake", "cases", "referrals")
# What writes a line, and what says a signal on which one is written (rainbowrail.audit.receivers).
RECORDS = (trail.record, trail.record_view, engine.move, key_events.tell)

SIGNAL = "allauth says it by a signal; rainbowrail.accounts.receivers writes the line (tests/rainbowrail/accounts)"
OWN_SETTING = "one's own way of working; nobody else's affair"
SILENT_PAGES = {
    "healthz": "for machines", "readyz": "for machines",
    "language": OWN_SETTING, "cover_names": OWN_SETTING, "components:shortcuts": OWN_SETTING,
    "components:gallery": "invented contents only",
    "account_login": SIGNAL, "account_logout": SIGNAL, "mfa_authenticate": SIGNAL, "mfa_add_webauthn": SIGNAL,
    "mfa_remove": SIGNAL, "mfa_activate_totp": SIGNAL, "mfa_generate_recovery_codes": SIGNAL,
    "mfa_view_recovery_codes": "shows one's own codes once, after the line that says that they were made",
    "account_inactive": "says that an account is closed",
    "account_home": "leads on", "mfa_index": "only shows which factors there are, without their secrets",
    "account_sessions": "only shows one's own sessions; ending them is on record",
    "account_people": "only shows who works here",
    "account_roles": "only shows who was given which role; each answer is on record",
    "audit:footprint": "one's own lines", "audit:my_cases": "lines about one's own cases; nothing of a case is opened",
    "cases:seen": "lines about a case that one works on; nothing of it is opened",
    "notifications:given_up": "kinds of mails and codes; trying again is on record",
    "panic:plan": "only shows the plan; its steps are on record",
    "referrals:list": "stages and days; nothing sealed",
    "referrals:recall": "names a file, and never the person or why; writing the notice down is on record",
    "cases:import_template": "an empty table",
    "cases:leavers": "only shows who works here",
    "cases:figures": "numbers, about nobody",
    "cases:care": "counts about oneself, and references; what is read is on record on the page of the reading",
    "cases:keep_typed": "keeps one's own unsaved words; saving them is on record",
    "cases:keep_reading": "the same, of what was found in a colleague's place",
    "referrals:keep_typed": "the same, of a referral",
}  # fmt: skip
DEVELOPMENT = "for who writes the program; never runs where people's data are"
READS = "opens nothing and changes nothing about people"
SILENT_COMMANDS = {
    **dict.fromkeys(("pages", "screenshots", "quality", "translations", "lifecycle_diagram", "countries"), DEVELOPMENT),
    "score": "reckons over facts that are typed in; has no database",
    "bench": READS, "doctor": READS, "privacy": READS,
    "prepare": "brings tables up to the code; the program's version is the record",
    "grants": "follows from the program; its owner has no audit key, and the doctor compares what is in force",
    "backup": "its role may write nothing; what it makes is sealed to a key that is not here",
    "restore": "puts the trail itself back, before anything runs; what is erased again, the worker records",
    "scrub": "makes a copy fit for a laptop; production refuses it",
}  # fmt: skip


def codes_in(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes_in(constant)


def used_by(function: FunctionType) -> Iterator[Any]:
    """Yield what a function names: globals, attributes of modules among them, and what it imports while it runs."""
    for code in codes_in(function.__code__):
        for name in code.co_names:
            found = function.__globals__.get(name, sys.modules.get(name))
            yield found
            if isinstance(found, ModuleType) and found.__name__.startswith(OURS):
                yield from (getattr(found, attribute) for attribute in code.co_names if hasattr(found, attribute))


def is_recorded(start: Any) -> bool:
    """Whether something that a view or a command names, or what that names in turn, writes into the trail."""
    seen: set[int] = set()
    waiting = [start]
    while waiting:
        one = inspect.unwrap(waiting.pop()) if callable(waiting[-1]) else waiting.pop()
        if any(one is writer for writer in RECORDS):
            return True
        if id(one) in seen or not getattr(one, "__module__", "").startswith(OURS):
            continue
        seen.add(id(one))
        if isinstance(one, FunctionType):
            waiting += [each for each in used_by(one) if inspect.isfunction(each) or inspect.isclass(each)]
        elif inspect.isclass(one):
            waiting += [each for _, each in inspect.getmembers(one, inspect.isfunction)]
    return False


def test_every_address_of_staff_leaves_a_line_or_says_why_not() -> None:
    silent = {name for name, entry, _ in pages(STAFF_URLS) if not is_recorded(original(entry.callback))}
    unsaid, gone = silent - set(SILENT_PAGES), set(SILENT_PAGES) - silent
    assert not unsaid and not gone, f"record() what they do, or say in SILENT_PAGES why not: {unsaid}; out of date: {gone}"


def test_every_command_leaves_a_line_or_says_why_not() -> None:
    ours = {name: app for name, app in get_commands().items() if isinstance(app, str) and app.startswith(OURS)}
    silent = {name for name, app in ours.items() if not is_recorded(import_module(f"{app}.management.commands.{name}").Command)}
    unsaid, gone = silent - set(SILENT_COMMANDS), set(SILENT_COMMANDS) - silent
    assert not unsaid and not gone, f"record() what they do, or say in SILENT_COMMANDS why not: {unsaid}; out of date: {gone}"


def test_the_search_tells_what_records_from_what_does_not() -> None:
    entries = {name: original(entry.callback) for name, entry, _ in pages(STAFF_URLS)}
    assert is_recorded(entries["cases:note"]) and is_recorded(entries["cases:move"])
    assert not is_recorded(entries["components:shortcuts"])


# --- pages about things that the walk of the matrix has none of ---


@pytest.fixture
def things(db: None) -> tuple[World, dict[str, str]]:
    """A world in which everything that has a page of its own is there once, and the addresses of those pages."""
    world = make_world()
    case, owner = world.cases["own"], world.owner
    other = make_staff(Role.CASEWORKER, name="Asks and reads")
    actions.ask_access(case, reason="I speak their language.", by=other.actor)
    case.refresh_from_db()
    passed = actions.pass_on(case, to=other, by=owner.actor)
    actions.take_reading(passed, by=other.actor)
    actions.tell_applicant(case, text="We read what you wrote.", by=owner.actor)
    actions.ask_erasure(case, reason="They asked for it.", by=owner.actor)
    actions.check_person(case, audience=Audience.PERSON, how=CodeCheck.CODE_WORD, by=owner.actor)
    reading = reverse("cases:reading", urlconf=STAFF_URLS, args=[passed.pk])
    return world, {"reads": reading, "case": case.get_absolute_url()}


def test_every_page_that_opens_something_sealed_leaves_a_line_that_says_so(things: tuple[World, dict[str, str]]) -> None:
    world, pages_of = things
    reader, everybody = User.objects.get(name="Asks and reads"), make_staff(*Role, name="Sees everything")
    asked = [(everybody, path_of(address, "own", world)) for address in addresses()]
    asked += [(everybody, f"{pages_of['case']}erase/"), (reader, pages_of["reads"]), (reader, f"{pages_of['reads']}?show=1")]
    silent: dict[str, list[str]] = {}
    opened: set[str] = set()
    for who, path in asked:
        client = CarefulClient(raise_request_exception=False)
        client.force_login(who)
        one = visit(client, "GET", path)
        opened |= one.opened if one.status == 200 else set()
        said = {str(line.detail.get("compartment")) for line in one.lines if line.actor_id == who.pk}
        if one.status == 200 and (missing := one.opened - said):
            silent[path] = sorted(missing)
    assert silent == {}
    assert opened >= {"identity", "story", "casework", "conversation", "evidence"}, "the walk must open what it looks for"


@pytest.mark.django_db
def test_new_recovery_codes_are_on_record_once_they_are_made(
    staff_client: CarefulClient, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    person = make_staff(Role.CASEWORKER)
    staff_client.force_login(person)
    with django_capture_on_commit_callbacks(execute=True):
        staff_client.post(reverse("mfa_generate_recovery_codes"))
    assert AuditEvent.objects.filter(verb="accounts.recovery_codes_renewed", actor_id=person.pk).count() == 1
