"""manage.py staff."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from rainbowrail.accounts.factors import kinds_of
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from tests.factories.accounts import PASSWORD, enrol_app

pytestmark = pytest.mark.django_db


def staff(*args: str, typed: str = "", monkeypatch: pytest.MonkeyPatch | None = None) -> str:
    out = io.StringIO()
    if monkeypatch is not None:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    call_command("staff", *args, stdout=out)
    return out.getvalue()


def test_the_first_administrator_is_added_with_a_password_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    said = staff(
        "add", "Ida@example.org", "--name", "Ida", "--role", "administrator", typed=PASSWORD + "\n", monkeypatch=monkeypatch
    )
    ida = User.objects.get()
    assert said == "ida@example.org may sign in as: administrator.\n"
    assert ida.check_password(PASSWORD)


def test_a_weak_password_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="too short"):
        staff("add", "ida@example.org", "--name", "Ida", typed="short\n", monkeypatch=monkeypatch)


def test_an_unknown_role_is_refused_with_the_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match=r"emperor.*administrator"):
        staff("add", "ida@example.org", "--name", "Ida", "--role", "emperor", typed=PASSWORD, monkeypatch=monkeypatch)


def test_an_account_is_closed_and_listed_as_closed(cleo: User, dana: User) -> None:
    staff("close", "Cleo@example.org")
    assert staff("list") == "cleo@example.org  Cleo  caseworker (closed)\ndana@example.org  Dana  triage_lead\n"


def test_closing_nobody_is_told(db: Any) -> None:
    with pytest.raises(CommandError, match="Nobody has the address"):
        staff("close", "nobody@example.org")


def test_an_operator_lets_the_last_administrator_begin_again(hana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    enrol_app(hana)
    said = staff("reset", hana.email, typed=PASSWORD + " again\n", monkeypatch=monkeypatch)
    hana.refresh_from_db()
    assert "must add a second factor" in said
    assert hana.check_password(PASSWORD + " again") and not kinds_of(hana).any
    assert AuditEvent.objects.get(verb="accounts.reset_allowed").actor_kind == "system"
