"""Sends one notice under the lock of its row, or says when to try again, or gives up by name."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from rainbowrail.crypto.errors import CryptoError
from rainbowrail.notifications.channels import NotSent, channel_named
from rainbowrail.notifications.kinds import Channel, NotificationKind, Verdict, kind_named
from rainbowrail.notifications.models import Notification
from rainbowrail.notifications.states import NotificationState
from rainbowrail.web import logs

# Minutes to wait after the first, second … failure. After the last the notice is given up, and staff see it.
BACKOFF = (1, 5, 15, 60, 240, 720)


def deliver(notification_id: UUID) -> None:
    """Send one waiting notice. Safe to run twice and at the same time: a row that is locked or done is left alone.

    The mail server hears of it before the commit, so a crash between the two sends a neutral text twice rather than never.
    """
    with transaction.atomic():
        rows = Notification.objects.select_for_update(skip_locked=True)
        row = rows.filter(pk=notification_id, state=NotificationState.WAITING, not_before__lte=timezone.now()).first()
        if row is None:
            return
        try:
            changes = _attempt(row)
        except (NotSent, CryptoError, KeyError) as error:
            changes = _after_failure(row, error)
        Notification.objects.filter(pk=row.pk).update(**changes)


def _attempt(row: Notification) -> dict[str, object]:
    kind = kind_named(row.kind)
    decision = kind.may_send_now(row.about_id)
    if decision.verdict is Verdict.LATER:
        return {"not_before": decision.not_before, "reason_code": decision.reason_code}
    if decision.verdict is Verdict.NEVER:
        return {"state": NotificationState.REFUSED, "reason_code": decision.reason_code}
    to = kind.recipient(row.about_id)
    if to is None:
        return {"state": NotificationState.REFUSED, "reason_code": "no_address"}
    _send(kind, row.about_id, to)
    return {"state": NotificationState.SENT, "reason_code": "", "tries": row.tries + 1}


def _send(kind: NotificationKind, about_id: UUID, to: str) -> None:
    words = {"staff_url": settings.STAFF_URL, **kind.words(about_id)}
    with translation.override(kind.language(about_id)):
        subject = " ".join(render_to_string(kind.subject_template, words).split())
        text = render_to_string(kind.text_template, words).strip() + "\n"
        html = render_to_string(kind.html_template, words) if kind.html_template and kind.channel is Channel.MAIL else None
    channel_named(kind.channel).send(to, subject=subject, text=text, html=html)


def _after_failure(row: Notification, error: Exception) -> dict[str, object]:
    tries = row.tries + 1
    reason_code = error.reason_code if isinstance(error, NotSent) else f"{type(error).__name__}"
    logs.failure("notice_not_sent", error, notification_id=row.pk, kind=row.kind, tries=tries)
    if tries > len(BACKOFF):
        return {"state": NotificationState.GIVEN_UP, "tries": tries, "reason_code": reason_code[:64]}
    again = timezone.now() + timedelta(minutes=BACKOFF[tries - 1])
    return {"tries": tries, "not_before": again, "reason_code": reason_code[:64]}
