"""Two at once: invitations are locked before people, and a locked person can still be named by what others do."""

import ast
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction

from cases import actions as case_actions
from cases.actions import opening_for_others
from cases.models import AccessRequest
from cases.states import CaseState
from rainbowrail.accounts import actions, inviting
from rainbowrail.accounts.models import Invitation, User
from rainbowrail.errors import NotPossible
from rainbowrail.roles import Role
from tests.factories.accounts import PASSWORD, make_staff
from tests.factories.cases import make_case_in

ROOT = Path(__file__).resolve().parents[3]


def _deactivate(person: User, hana: User, zoe: User) -> None:
    actions.deactivate(person, by=hana.actor)


def _suspend(person: User, hana: User, zoe: User) -> None:
    actions.suspend(person, by=hana.actor)


def _begin_again(person: User, hana: User, zoe: User) -> None:
    inviting.decide_reset(inviting.ask_reset(person, by=zoe.actor), allow=True, by=hana.actor)


def _wait_for_a_waiter() -> None:
    """Return when somebody waits for a row that this transaction holds. Raises AssertionError after ten seconds."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [_deactivate, _suspend, _begin_again])
@pytest.mark.parametrize("is_administrator", [False, True])
def test_an_account_that_closes_while_its_owner_uses_a_link_waits_for_them_and_holds_nobody(
    end: Callable[[User, User, User], None], is_administrator: bool, hana: User
) -> None:
    """The owner has the invitation and will ask for their own row, as `inviting.accept` does: it must be free."""
    zoe = make_staff(Role.ADMINISTRATOR)
    owner = make_staff(*([Role.ADMINISTRATOR] if is_administrator else [Role.AUDITOR]))
    link = inviting.let_set_password(owner, by=zoe.actor)
    raised: list[BaseException] = []

    def close() -> None:
        try:
            end(owner, hana, zoe)
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=close)
    try:
        with transaction.atomic():
            Invitation.objects.select_for_update().get(pk=link.pk)
            thread.start()
            _wait_for_a_waiter()
            User.objects.select_for_update(no_key=True, nowait=True).get(pk=owner.pk)
    finally:
        thread.join()
    assert raised == []


@pytest.mark.django_db(transaction=True)
def test_an_account_that_closes_and_a_link_that_is_used_at_the_same_moment_never_fail(hana: User) -> None:
    for _ in range(5):
        owner = make_staff(Role.AUDITOR)
        token = inviting.new_link(inviting.let_set_password(owner, by=hana.actor).pk)
        ready, raised = threading.Barrier(2), list[BaseException]()

        def run(act: Callable[[], object], ready: threading.Barrier, raised: list[BaseException]) -> None:
            try:
                ready.wait()
                act()
            except NotPossible:
                pass  # the link does not work any more
            except BaseException as error:
                raised.append(error)
            finally:
                connection.close()

        def use(token: str = token) -> object:
            return inviting.accept(token, name="", password=PASSWORD)

        def close(owner: User = owner) -> object:
            return actions.suspend(owner, by=hana.actor)

        threads = [threading.Thread(target=run, args=(act, ready, raised)) for act in (use, close)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert raised == [] and not User.objects.get(pk=owner.pk).is_active


@pytest.mark.django_db(transaction=True)
def test_whoever_is_locked_can_be_named_meanwhile(cleo: User, dana: User) -> None:
    """The row that a person breaks the glass under, and a request in their name: each points at the person."""
    case = make_case_in(CaseState.IN_REVIEW, lead=dana)
    raised: list[BaseException] = []

    def ask() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '3s'")
                case_actions.ask_access(case, reason="She is a neighbour of mine.", by=cleo.actor)
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=ask)
    with transaction.atomic():
        assert opening_for_others._may_break_another(cleo.actor)
        thread.start()
        thread.join()
    assert raised == [] and AccessRequest.objects.get().person == cleo


def locks_of_people(source: str) -> list[bool]:
    """Return, for each lock of people in a source, whether it is without the key."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=inner, attr="select_for_update"), keywords=said):
                if any(isinstance(one, ast.Name) and one.id == "User" for one in ast.walk(inner)):
                    found.append(any(word.arg == "no_key" for word in said))
    return found


def test_people_are_locked_without_their_key_everywhere() -> None:
    paths = [path for app in ("rainbowrail", "intake", "cases", "referrals") for path in (ROOT / app).rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix(): locks_of_people(path.read_text(encoding="utf-8")) for path in paths}
    assert sum(map(len, found.values())) >= 9
    assert [name for name, locks in found.items() if not all(locks)] == []


def test_the_search_tells_the_two_locks_apart() -> None:
    assert locks_of_people("User.objects.with_role(1).select_for_update(no_key=True)") == [True]
    assert locks_of_people("User.objects.select_for_update().get(pk=1)") == [False]
