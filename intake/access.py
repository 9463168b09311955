"""The applicant's door: the visit cookie, and coming back with a code. No account, no address, no lock-out.

The cookie is 32 random bytes with a signed time stamp; only a hash of the bytes is stored. It is first set when the first
answer is saved, ends with the browser session, and stops opening anything after 30 minutes without a page.
Every function that reads rows runs inside a transaction and says whose rows it means (`grants.set_visitor`).
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from intake import codes, limiter
from intake.code_content import CodeContent
from intake.deliveries import send
from intake.models import Draft, ReturnCode, Visit
from intake.models.hours import this_hour
from intake.opened import ECHO, FAREWELL, VISIT_SEAL, OpenDraft, OpenVisit
from intake.states import DeliveryKind
from rainbowrail.crypto import return_code, visit_secret
from rainbowrail.crypto.errors import Busy
from rainbowrail.crypto.grants import set_visitor
from rainbowrail.crypto.return_code import CodeKeys

_SALT = "intake.visit"


class SessionEnded(Exception):
    """There is a cookie, but it opens nothing any more: 30 minutes without a page, or the draft went to another browser."""


def secret_in(request: HttpRequest) -> str | None:
    """Return the cookie's secret, None without a cookie. Raises SessionEnded for one that is too old or not ours.

    Looked at once a request: a file may take longer to arrive than a session may idle.
    """
    if (known := getattr(request, "visit_secret", None)) is not None:
        return str(known)
    value = request.COOKIES.get(settings.VISIT_COOKIE_NAME)
    if not value:
        return None
    try:
        secret = TimestampSigner(salt=_SALT).unsign(value, max_age=settings.VISIT_IDLE_SECONDS)
    except (SignatureExpired, BadSignature) as error:
        raise SessionEnded from error
    request.visit_secret = secret  # type: ignore[attr-defined]
    return secret


def remember(response: HttpResponseBase, secret: str) -> None:
    """Set the cookie, or stamp it anew: the 30 minutes begin again with this answer."""
    response.set_cookie(
        settings.VISIT_COOKIE_NAME,
        TimestampSigner(salt=_SALT).sign(secret),
        httponly=True,
        secure=settings.SECURE_COOKIES,
        samesite="Strict",
        path="/",
    )


def forget(response: HttpResponseBase) -> None:
    """Take the cookie away."""
    response.delete_cookie(settings.VISIT_COOKIE_NAME, path="/", samesite="Strict")


def find_draft(secret: str, *, lock: bool) -> OpenDraft | None:
    """Return this browser's draft, with its row locked if asked. One query. Needs a transaction."""
    visit_hash = visit_secret.hash_of(secret)
    set_visitor(visit_hash=visit_hash)
    rows = Draft.objects.filter(visit_hash=visit_hash)
    row = (rows.select_for_update() if lock else rows).first()
    return OpenDraft.by_visit(row, secret) if row else None


def find_visit(secret: str, *, lock: bool) -> OpenVisit | None:
    """Return this browser's session with a sent request, its conversation key held; None once its code was changed elsewhere.

    Needs a transaction.
    """
    visit_hash = visit_secret.hash_of(secret)
    set_visitor(visit_hash=visit_hash)
    rows = Visit.objects.filter(visit_hash=visit_hash)
    row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        return None
    visit = OpenVisit.by_visit(row, secret)
    if visit is None:
        return None
    set_visitor(visit_hash=visit_hash, locator_hash=visit.locator_hash)
    if not codes.is_in_use(visit):
        return None
    visit.hold_conversation_key()
    return visit


def leave_echo(secret: str) -> None:
    """Remember under the old cookie that its draft was sent, and nothing more: a second press of *send* then shows "sent"."""
    _leave(secret, ECHO)


def leave_farewell(secret: str) -> None:
    """Remember under the old cookie that everything is to be deleted, and nothing more: a second press then shows the same."""
    _leave(secret, FAREWELL)


def has_echo(secret: str) -> bool:
    """Whether this cookie's draft was sent, from another window or by the first of two presses. Needs a transaction."""
    return bool(_left(secret) == ECHO)


def was_deleted(secret: str) -> bool:
    """Whether this cookie's session ended because everything is to be deleted. Needs a transaction."""
    return bool(_left(secret) == FAREWELL)


def _leave(secret: str, word: dict[str, bool]) -> None:
    visit_hash = visit_secret.hash_of(secret)
    set_visitor(visit_hash=visit_hash)
    row = Visit(visit_hash=visit_hash)
    row.sealed = visit_secret.wrap(secret, json.dumps(word).encode(), context=VISIT_SEAL, row_id=row.id)
    row.save(force_insert=True)


def _left(secret: str) -> Any:
    """Return what the row of this cookie says, whatever it is; None without a row. Raises CryptoError."""
    visit_hash = visit_secret.hash_of(secret)
    set_visitor(visit_hash=visit_hash)
    row = Visit.objects.filter(visit_hash=visit_hash).first()
    return row and json.loads(visit_secret.unwrap(secret, bytes(row.sealed), context=VISIT_SEAL, row_id=row.id))


def open_by_code(typed: str) -> OpenDraft | OpenVisit | None:
    """Open what a typed code opens: the draft before sending, afterwards a new session with the request; None for no code.

    Raises ReturnCodeUnreadable, before any key is derived, for a typing error, and Busy when this minute's budget or the
    pool is spent. The caller sets the cookie with the returned object's new secret: a session is never taken over.
    """
    code = return_code.read(typed)
    if not limiter.allows(limiter.CODE_TRIES):
        raise Busy
    derived = return_code.derive_all(code)
    for keys in derived:
        with transaction.atomic():
            secret = visit_secret.new()
            set_visitor(visit_hash=visit_secret.hash_of(secret), locator_hash=keys.locator_hash)
            if draft_row := Draft.objects.select_for_update().filter(locator_hash=keys.locator_hash).first():
                draft = OpenDraft.by_code(draft_row, code, keys, secret)
                draft_row.save()
                return draft
            if code_row := ReturnCode.objects.filter(locator_hash=keys.locator_hash).first():
                return _open_request(code_row, keys, secret, newest=derived[0])
    return None


def _open_request(code_row: ReturnCode, keys: CodeKeys, secret: str, *, newest: CodeKeys) -> OpenVisit:
    """Begin a session with what the code opens. A second code takes the same steps: only the word inside the box differs."""
    content = codes.open_row(code_row, keys)
    if keys.pepper_version != newest.pepper_version:
        codes.renew_pepper(content, old=keys, new=newest)
    visit = begin_visit(secret, content, locator_hash=newest.locator_hash)
    send(visit, DeliveryKind.CAME_BACK)
    visit.save()
    return visit


def begin_visit(secret: str, content: CodeContent, *, locator_hash: str, **own: Any) -> OpenVisit:
    """Write a new session row for this secret, in the caller's transaction. `own`: what else the session begins with."""
    visit_hash = visit_secret.hash_of(secret)
    set_visitor(visit_hash=visit_hash, locator_hash=locator_hash)
    visit = OpenVisit.by_code(Visit(visit_hash=visit_hash, seen_hour=this_hour()), secret, content, locator_hash)
    for name, value in own.items():
        setattr(visit, name, value)
    visit.seal()
    visit.row.save(force_insert=True)
    return visit


def end(secret: str) -> None:
    """End this browser's session: its row goes; a draft that no code opens goes with it, one with a code stays for the code."""
    visit_hash = visit_secret.hash_of(secret)
    with transaction.atomic():
        set_visitor(visit_hash=visit_hash)
        Visit.objects.filter(visit_hash=visit_hash).delete()
        Draft.objects.filter(visit_hash=visit_hash, locator_hash__isnull=True).delete()
    with transaction.atomic():
        set_visitor(visit_hash=visit_hash)
        draft = Draft.objects.select_for_update().filter(visit_hash=visit_hash).first()
        if draft and draft.locator_hash:
            set_visitor(visit_hash=visit_hash, locator_hash=draft.locator_hash)
            draft.visit_hash, draft.visit_wrapped, draft.code_sealed = None, b"", b""
            draft.save(update_fields=["visit_hash", "visit_wrapped", "code_sealed"])
