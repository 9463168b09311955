"""What an applicant does: start, save a step, keep with a code, send, answer. Safe for the public process.

Nothing here imports audit, notices or cases: the public process has none of them. Whatever is sent becomes a delivery, and the
worker does the rest (`intake.drain`). Every action runs in one transaction, on the row the caller locked.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake import access, codes, flood, limiter
from intake.answers import CONSENT_PREFIX, Answers
from intake.deliveries import send
from intake.marks import Mark
from intake.models import Draft, Message
from intake.models.answer import ANSWER_MAX
from intake.opened import OpenDraft, OpenVisit
from intake.request_rows import write_request
from intake.states import DeliveryKind, MessageKind
from rainbowrail.crypto import return_code, visit_secret
from rainbowrail.crypto.errors import Busy
from rainbowrail.crypto.grants import set_visitor
from rainbowrail.errors import NotPossible
from rainbowrail.privacy.retention import Kept, due_on


def start_draft(*, language: str) -> OpenDraft:
    """Begin a request: a new row that only a new cookie secret opens. The caller sets the cookie with `draft.secret`.

    Raises Busy when this minute's budget of new drafts is spent.
    """
    if not limiter.allows(limiter.NEW_DRAFTS):
        raise Busy
    flood.note_draft()
    secret = visit_secret.new()
    with transaction.atomic():
        set_visitor(visit_hash=visit_secret.hash_of(secret))
        draft = OpenDraft.new(Draft(language=language, expires_on=_expiry()), secret)
        draft.row.save(force_insert=True)
    return draft


def save_step(draft: OpenDraft, answers: Mapping[str, Any], *, language: str, within: Iterable[str] = ()) -> None:
    """Merge one step's answers into the draft: only the keys of this step change, so that a second tab loses nothing.

    None means "not stated" and takes the key away. `within`: what changed inside a key that holds more than one answer. The
    seven days begin again. Raises Busy for a visitor who saves faster than anybody types.
    """
    if not limiter.allows(limiter.SAVES, visitor=draft.row.visit_hash or ""):
        raise Busy
    draft.row.revision += 1
    draft.changed |= dict.fromkeys(within, draft.row.revision)
    for key, value in answers.items():
        if draft.answers.get(key) == value:
            continue
        draft.changed[key] = draft.row.revision
        if value is None:
            draft.answers.pop(key, None)
        else:
            draft.answers[key] = value
    draft.row.language = language
    draft.row.expires_on = _expiry()
    _save(draft)


def keep_with_code(draft: OpenDraft) -> str:
    """Return the draft's code, made now if it has none; with it the draft opens on any browser until it expires.

    Raises Busy when the pool or this minute's budget is spent; the draft is then as it was.
    """
    if draft.code:
        return draft.code
    if draft.row.locator_hash:
        # Made in another browser, which alone could show it; a second code would make the written one useless.
        raise NotPossible(_("Your code was shown in another browser. Use that one."))
    if not limiter.allows(limiter.NEW_CODES):
        raise Busy
    code = return_code.make()
    draft.give_code(code, return_code.derive(code))
    _save(draft)
    return code


def confirm_code(draft: OpenDraft) -> None:
    """Remember that the person typed part of the code back."""
    draft.code_confirmed = True
    _save(draft)


def delete_draft(draft: OpenDraft) -> None:
    """Delete the draft with its wraps, at once."""
    draft.row.delete()


def wait_for_turn(draft: OpenDraft) -> None:
    """Remember since when this draft waits, while very many write; a second press does not begin again."""
    if draft.waits_since is None:
        draft.waits_since = int(time.time())
        _save(draft)


def submit(draft: OpenDraft, *, language: str, answers: Answers | None = None, set_aside_for: Iterable[Mark] = ()) -> OpenVisit:
    """Send the draft, or those of its `answers` that are in force: sealed anew under keys that nobody here can open again.

    One transaction: request, status, two code rows of one shape, delivery, new session; the draft is deleted, and its code
    becomes the request's. `set_aside_for`: marks that go into the box. Returns the session, whose secret becomes the cookie and
    whose code may be shown again. Waits for nobody: neither Redis nor the worker nor Argon2id. Raises NotPossible without the
    consent to read it, or without a code.
    """
    answers = draft.answers if answers is None else answers
    if answers.get(CONSENT_PREFIX + "read") is not True:
        raise NotPossible(_("Tick that we may keep and read what you wrote. Without it nobody here can help."))
    if draft.code_keys is None:
        raise NotPossible(_("Take your code first. It is the only way to come back."))
    with transaction.atomic():
        opens = write_request(answers, language=language, code_keys=draft.code_keys, set_aside_for=set_aside_for)
        draft.row.delete()
        access.leave_echo(draft.secret)
        return access.begin_visit(
            visit_secret.new(),
            opens,
            locator_hash=draft.code_keys.locator_hash,
            code=draft.code,
            code_confirmed=draft.code_confirmed,
            just_sent=True,
        )


def answer(visit: OpenVisit, message_id: UUID, text: str, *, token: str) -> None:
    """Send an answer to one of staff's questions, as a delivery; nobody on this side can read it again.

    `token` is the form's: the same form posted twice is one answer. Raises NotPossible for an empty or too long text, and
    for a question that this code does not open, or no longer.
    """
    text = _checked(text)
    if token in visit.used_tokens:
        return
    question = Message.objects.filter(id=message_id, help_request_id=visit.help_request_id, kind=MessageKind.QUESTION).first()
    if question is None or not visit.opens(question):
        raise NotPossible(_("This question is no longer there. Go back to see what we wrote."))
    _write(visit, text, message_id=str(message_id), token=token)


def write(visit: OpenVisit, text: str, *, token: str) -> None:
    """Send what the person writes unasked. Raises and behaves as `answer`."""
    text = _checked(text)
    if token not in visit.used_tokens:
        _write(visit, text, message_id="", token=token)


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise NotPossible(_("Write your answer first; nothing was sent."))
    if len(text) > ANSWER_MAX:
        raise NotPossible(_("Your answer is too long; at most %(limit)d characters can be sent.") % {"limit": ANSWER_MAX})
    return text


def _write(visit: OpenVisit, text: str, *, message_id: str, token: str) -> None:
    with transaction.atomic():
        # Whoever changes the code at this moment goes first or waits; words sent with a code that is gone would be refused.
        codes.lock_codes(visit.help_request_id)
        if not codes.is_in_use(visit):
            raise NotPossible(_("Your code was changed in another browser. Use the newest one."))
        send(visit, DeliveryKind.ANSWER, {"message": message_id, "text": text})
        visit.use_token(token)
        visit.answered_on[message_id] = timezone.localdate().isoformat()
        visit.save()


def _expiry() -> date:
    return due_on(Kept.DRAFT, timezone.localdate())


def _save(draft: OpenDraft) -> None:
    draft.seal()
    set_visitor(visit_hash=draft.row.visit_hash, locator_hash=draft.row.locator_hash)
    draft.row.save(force_update=True)
