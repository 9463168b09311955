"""A notice leaves once, in fixed words, when its owner allows it; what does not leave ends in a state that staff can retry."""

import email
import smtplib
import socket
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.db import connection, transaction
from django.utils import timezone

from rainbowrail.accounts.models import User
from rainbowrail.actors import SYSTEM
from rainbowrail.audit.models import AuditEvent
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications import actions, delivery, kinds, outbox, tasks
from rainbowrail.notifications.kinds import SEND_NOW, Audience, Channel, Decision, NotificationKind, send_later, send_never
from rainbowrail.notifications.models import Notification
from rainbowrail.notifications.states import NotificationState

ABOUT = uuid.UUID(int=9)
NOW = datetime(2026, 11, 21, 9, 41, tzinfo=UTC)
pytestmark = pytest.mark.django_db


class Mailbox:
    """A real SMTP server on this machine; `refuses` makes it say no."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.refuses = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuses:
            return "451 come back later"
        self.letters.append(email.message_from_bytes(envelope.content))
        return "250 taken"


@pytest.fixture
def mailbox(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    options = {"host": "127.0.0.1", "port": port, "timeout": 5}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    settings.DEFAULT_FROM_EMAIL = "Office <office@example.org>"
    yield box
    server.stop()


class Owner:
    """Plays the app that owns the person: says whether, and where."""

    def __init__(self) -> None:
        self.decision: Decision = SEND_NOW
        self.address: str | None = "somebody@example.org"
        self.language = "en"

    def may_send_now(self, about_id: uuid.UUID) -> Decision:
        return self.decision

    def recipient(self, about_id: uuid.UUID) -> str | None:
        return self.address


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
def kind(owner: Owner, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NotificationKind:
    (tmp_path / "news.subject.txt").write_text("{% translate 'Please' %}\n look\n")
    (tmp_path / "news.txt").write_text("There is something to read.\n{{ staff_url }}\n")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    settings.STAFF_URL = "https://staff.example.org"
    monkeypatch.setattr(kinds, "_kinds", {})
    return kinds.register(
        NotificationKind(
            "test.news",
            "news.subject.txt",
            "news.txt",
            Audience.APPLICANT,
            recipient=owner.recipient,
            may_send_now=owner.may_send_now,
            language=lambda about_id: owner.language,
        )
    )


@pytest.fixture
def notice(kind: NotificationKind) -> Notification:
    return Notification.objects.create(kind=kind.name, about_id=ABOUT)


def state(notice: Notification) -> tuple[str, int, str]:
    notice.refresh_from_db()
    return notice.state, notice.tries, notice.reason_code


def test_a_notice_leaves_in_fixed_words(notice: Notification, mailbox: Mailbox) -> None:
    delivery.deliver(notice.pk)
    (letter,) = mailbox.letters
    assert (letter["To"], letter["Subject"], letter["From"]) == (
        "somebody@example.org",
        "Please look",
        "Office <office@example.org>",
    )
    assert letter.get_payload().strip() == "There is something to read.\r\nhttps://staff.example.org"
    assert letter["Message-ID"].endswith("@example.org>")
    assert state(notice) == ("sent", 1, "")


def test_running_twice_sends_once(notice: Notification, mailbox: Mailbox) -> None:
    delivery.deliver(notice.pk)
    delivery.deliver(notice.pk)
    assert len(mailbox.letters) == 1


def test_a_notice_whose_time_has_not_come_waits(notice: Notification, mailbox: Mailbox) -> None:
    Notification.objects.update(not_before=timezone.now() + timedelta(hours=1))
    delivery.deliver(notice.pk)
    assert not mailbox.letters and state(notice)[0] == "waiting"


def test_its_owner_may_say_later(notice: Notification, owner: Owner, mailbox: Mailbox) -> None:
    when = timezone.now() + timedelta(hours=3)
    owner.decision = send_later(when, "outside_hours")
    delivery.deliver(notice.pk)
    assert not mailbox.letters
    assert state(notice) == ("waiting", 0, "outside_hours") and notice.not_before == when


def test_its_owner_may_say_never(notice: Notification, owner: Owner, mailbox: Mailbox) -> None:
    owner.decision = send_never("not_confirmed")
    delivery.deliver(notice.pk)
    assert not mailbox.letters and state(notice) == ("refused", 0, "not_confirmed")


def test_without_an_address_nothing_is_sent(notice: Notification, owner: Owner, mailbox: Mailbox) -> None:
    owner.address = None
    delivery.deliver(notice.pk)
    assert not mailbox.letters and state(notice) == ("refused", 0, "no_address")


def test_an_address_that_would_forge_a_header_is_not_written(notice: Notification, owner: Owner, mailbox: Mailbox) -> None:
    owner.address = "somebody@example.org\nBcc: evil@example.org"
    delivery.deliver(notice.pk)
    assert not mailbox.letters and state(notice)[0] == "waiting"


def test_a_server_that_refuses_is_tried_less_and_less_often_and_then_given_up(notice: Notification, mailbox: Mailbox) -> None:
    mailbox.refuses = True
    waits = []
    with time_machine.travel(NOW, tick=False) as clock:
        Notification.objects.update(not_before=NOW)
        while state(notice)[0] == "waiting":
            clock.move_to(notice.not_before)
            before = timezone.now()
            delivery.deliver(notice.pk)
            notice.refresh_from_db()
            waits.append((notice.not_before - before) // timedelta(minutes=1))
    assert waits[:-1] == list(delivery.BACKOFF)
    assert state(notice) == ("given_up", len(delivery.BACKOFF) + 1, "mail.SMTPDataError")


def test_a_server_that_is_away_counts_as_a_try(notice: Notification, mailbox: Mailbox, settings: Any) -> None:
    options = {"host": "127.0.0.1", "port": 1, "timeout": 1}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    delivery.deliver(notice.pk)
    assert state(notice) == ("waiting", 1, "mail.ConnectionRefusedError")


def test_a_kind_that_no_app_knows_any_more_is_a_failed_try(notice: Notification, mailbox: Mailbox) -> None:
    Notification.objects.update(kind="test.forgotten")
    delivery.deliver(notice.pk)
    assert state(notice) == ("waiting", 1, "KeyError")


def test_a_notice_that_another_worker_holds_is_left_to_it(
    kind: NotificationKind, mailbox: Mailbox, transactional_db: None
) -> None:
    notice = Notification.objects.create(kind=kind.name, about_id=ABOUT)
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM notifications_notification WHERE id = %s FOR UPDATE", [notice.pk])
        delivery.deliver(notice.pk)
        assert not mailbox.letters
    finally:
        other.rollback()
        other.close()
    delivery.deliver(notice.pk)
    assert len(mailbox.letters) == 1


def test_a_text_message_goes_through_the_named_provider(owner: Owner, kind: NotificationKind, settings: Any) -> None:
    settings.TEMPLATES[0]["DIRS"][0].joinpath("empty.txt").write_text("")
    kinds.register(
        NotificationKind(
            "test.text",
            "empty.txt",
            "news.txt",
            Audience.APPLICANT,
            recipient=owner.recipient,
            may_send_now=owner.may_send_now,
            channel=Channel.TEXT,
        )
    )
    owner.address = "+15550100"
    notice = Notification.objects.create(kind="test.text", about_id=ABOUT)
    delivery.deliver(notice.pk)
    assert state(notice) == ("waiting", 1, "text.no_provider")
    settings.TEXT_MESSAGE_PROVIDER = f"{__name__}.keep_text"
    Notification.objects.update(not_before=timezone.now())
    delivery.deliver(notice.pk)
    assert _texts == [("+15550100", "There is something to read.\nhttps://staff.example.org\n")]


_texts: list[tuple[str, str]] = []


def keep_text(to: str, text: str) -> None:
    _texts.append((to, text))


# --- the outbox ---


def test_queueing_writes_a_row_without_any_address(kind: NotificationKind, owner: Owner) -> None:
    outbox.queue(kind, ABOUT)
    row = Notification.objects.values().get()
    assert owner.address not in str(row)
    assert row["queued_at"].minute == row["queued_at"].second == row["queued_at"].microsecond == 0


def test_the_same_notice_twice_before_it_left_is_one(kind: NotificationKind, mailbox: Mailbox) -> None:
    outbox.queue(kind, ABOUT)
    outbox.queue(kind, ABOUT)
    assert Notification.objects.count() == 1
    delivery.deliver(Notification.objects.get().pk)
    outbox.queue(kind, ABOUT)
    assert Notification.objects.count() == 2


def test_a_transaction_that_rolls_back_tells_nobody(
    kind: NotificationKind, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(tasks.deliver, "apply_async", lambda *args, **kwargs: asked.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        with pytest.raises(RuntimeError), transaction.atomic():
            outbox.queue(kind, ABOUT)
            raise RuntimeError
        assert not Notification.objects.exists()
        outbox.queue(kind, ABOUT)
        assert not asked
    assert asked == [((str(Notification.objects.get().pk),),)]


def test_a_broker_that_is_away_is_no_error(
    kind: NotificationKind, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("redis")

    monkeypatch.setattr(tasks.deliver, "apply_async", away)
    with django_capture_on_commit_callbacks(execute=True):
        outbox.queue(kind, ABOUT)
    assert Notification.objects.get().state == NotificationState.WAITING


def test_the_sweep_finds_what_is_due_and_nothing_else(kind: NotificationKind, monkeypatch: pytest.MonkeyPatch) -> None:
    due = Notification.objects.create(kind=kind.name, about_id=ABOUT)
    later = timezone.now() + timedelta(hours=1)
    Notification.objects.create(kind=kind.name, about_id=uuid.uuid4(), not_before=later)
    Notification.objects.create(kind=kind.name, about_id=uuid.uuid4(), state=NotificationState.SENT)
    asked: list[Any] = []
    monkeypatch.setattr(tasks.deliver, "apply_async", lambda args, **kwargs: asked.append(args))
    tasks.sweep()
    assert asked == [(str(due.pk),)]


# --- given up ---


@pytest.fixture
def given_up(notice: Notification) -> Notification:
    Notification.objects.update(state=NotificationState.GIVEN_UP, tries=7, reason_code="mail.SMTPDataError")
    return notice


def test_a_lead_lets_it_begin_again_and_that_is_on_record(given_up: Notification, dana: User, mailbox: Mailbox) -> None:
    actions.retry(given_up.pk, by=dana.actor)
    assert state(given_up) == ("waiting", 0, "")
    assert AuditEvent.objects.filter(verb="notifications.retried", actor_id=dana.pk).count() == 1
    delivery.deliver(given_up.pk)
    assert len(mailbox.letters) == 1


def test_others_may_not(given_up: Notification, cleo: User) -> None:
    with pytest.raises(NotAllowed):
        actions.retry(given_up.pk, by=cleo.actor)
    with pytest.raises(NotAllowed):
        actions.retry(given_up.pk, by=SYSTEM)


def test_what_is_not_given_up_cannot_be_retried(notice: Notification, dana: User) -> None:
    with pytest.raises(NotPossible, match="no longer"):
        actions.retry(notice.pk, by=dana.actor)


def test_a_newer_notice_that_waits_is_enough(given_up: Notification, kind: NotificationKind, dana: User) -> None:
    outbox.queue(kind, ABOUT)
    with pytest.raises(NotPossible, match="newer"):
        actions.retry(given_up.pk, by=dana.actor)


def test_two_kinds_cannot_share_a_name(kind: NotificationKind, owner: Owner) -> None:
    with pytest.raises(ValueError, match=r"two kinds.*test\.news"):
        kinds.register(NotificationKind("test.news", "a", "b", Audience.STAFF, owner.recipient, owner.may_send_now))


def test_a_decision_for_later_says_when() -> None:
    with pytest.raises(ValueError, match="says when"):
        Decision(kinds.Verdict.LATER)


def test_smtp_errors_are_os_errors_so_that_none_escapes_the_backoff() -> None:
    assert issubclass(smtplib.SMTPException, OSError)
