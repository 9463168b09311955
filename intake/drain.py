"""Worker only: open what applicants sent, in order of arrival (docs/decisions/0041).

Each delivery is its own transaction: lock the row, open the box, open every field and compare the digest, wrap the keys under
the store key, send the signal, mark the row opened and clear the box. Whatever does not open is rolled back and the row is
quarantined with its box kept, because a person may be behind it. One row never blocks another person's.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from intake import arriving_files, consent_offers, contact_plans, erasing, marks, notifications, staff_codes
from intake.audit_verbs import IntakeVerb
from intake.models import Answer, ConsentOffer, Delivery, HelpRequest, HouseholdMember, Message, RequestStatus
from intake.models.delivery import PROTOCOL
from intake.models.hours import this_hour
from intake.models.message import conversation_subject
from intake.opened import key_from
from intake.request_rows import NOBODY
from intake.signals import (
    answer_received,
    code_changed,
    contact_stopped,
    deletion_wished,
    delivery_quarantined,
    help_request_submitted,
    plan_changed,
)
from intake.states import Audience, DeliveryKind, DeliveryState, MessageKind, PublicStatus, StopReason
from rainbowrail.actors import APPLICANT, SYSTEM
from rainbowrail.audit.record import record
from rainbowrail.crypto import boxes, datakeys, fields
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.errors import Busy, CryptoError, KeyNotHeld
from rainbowrail.web import logs

# How often a receiver may fail on one delivery before it is put aside for a person to look at.
MOST_TRIES = 5
REQUEST_COMPARTMENTS = frozenset({Compartment.IDENTITY, Compartment.STORY, Compartment.CONVERSATION})


class BadDelivery(Exception):
    """What was in the box, or beside it, is not what a request of ours looks like. `reason` is a short code for the alarm."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def drain(limit: int = 500, *, subject_id: UUID | None = None) -> int:
    """Open up to `limit` waiting deliveries, of everybody or of one person; return how many were opened.

    Safe to run twice and in many workers at once. Raises KeyNotHeld, leaving everything as it is, in a process that holds no
    intake key, and the database's own errors when it is away: both are no fault of a delivery.
    """
    opened = 0
    passed_over: set[UUID] = set()
    for _turn in range(limit):
        done = _drain_one(passed_over, subject_id)
        if done is None:
            break
        opened += done
    return opened


def _drain_one(passed_over: set[UUID], subject_id: UUID | None) -> bool | None:
    """Take the next delivery: True opened, False passed over or quarantined, None when nothing waits."""
    with transaction.atomic():
        rows = Delivery.objects.waiting().first_of_their_person().exclude(id__in=passed_over).in_order_of_arrival()
        if subject_id is not None:
            # Whoever is about to act for one person waits for a drain that is already under way; the sweep skips.
            delivery = rows.of_subject(subject_id).select_for_update().first()
        else:
            delivery = rows.select_for_update(skip_locked=True).first()
        if delivery is None:
            return None
        try:
            with transaction.atomic(), datakeys.scope():
                _open(delivery)
        except (KeyNotHeld, Busy, OperationalError, InterfaceError):
            raise
        except (CryptoError, BadDelivery) as error:
            _quarantine(delivery, error)
            return False
        except Exception as error:
            _passed_over(delivery, error)
            passed_over.add(delivery.id)
            return False
    return True


def _open(delivery: Delivery) -> None:
    if delivery.protocol != PROTOCOL:
        raise BadDelivery("unknown_protocol")
    if delivery.intake_key_id is None:
        raise BadDelivery("no_key_named")
    payload = boxes.open_box(
        bytes(delivery.box),
        intake_key_id=delivery.intake_key_id,
        delivery_id=delivery.id,
        subject_id=delivery.subject_id,
        sequence=delivery.sequence,
    )
    kind, content = _kind_and_content(payload)
    TAKERS[kind](delivery, content)
    row = Delivery.objects.filter(id=delivery.id)
    if kind in LEAVES_NO_ROW:
        row.delete()
    else:
        row.update(state=DeliveryState.OPENED, opened_hour=this_hour(), box=b"", intake_key=None)


def _kind_and_content(payload: bytes) -> tuple[DeliveryKind, Mapping[str, Any]]:
    # Raised outside `except`: the error of a reader carries what it read, and ours must not carry that error.
    try:
        content = json.loads(payload)
        return DeliveryKind(content["kind"].strip()), content
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise BadDelivery("unreadable_content")


def _take_request(delivery: Delivery, content: Mapping[str, Any]) -> None:
    """A new request: open every field of it and its household under the keys of the box, compare, keep the keys, tell the
    world."""
    request, keys, digest = _request_of(delivery, content)
    for key in keys:
        datakeys.hold(key)
    for name in HelpRequest.SEALED_FIELDS:
        getattr(request, name)
    if not hmac.compare_digest(fields.digest(request, HelpRequest.SEALED_FIELDS), digest):
        raise BadDelivery("digest_differs")
    if request.language != content.get("language"):
        raise BadDelivery("language_differs")
    household = _household_of(request, content)
    datakeys.wrap_for_store(keys)
    HouseholdMember.objects.filter(id__in=household).update(arrived=True)
    RequestStatus.objects.get_or_create(
        id=request.id, defaults={"status": PublicStatus.RECEIVED, "updated_on": timezone.localdate()}
    )
    record(IntakeVerb.SUBMITTED, by=APPLICANT, on=request)
    found, partner_id = marks.read(content.get("marks")), _partner_in(content)
    help_request_submitted.send(sender=HelpRequest, help_request=request, marks=found, partner_id=partner_id)
    notifications.queue_received(request)


def _request_of(delivery: Delivery, content: Mapping[str, Any]) -> tuple[HelpRequest, list[datakeys.OpenKey], bytes]:
    try:
        request_id = UUID(str(content["request"]))
        talks_to = conversation_subject(_audience(content), person_id=delivery.subject_id, help_request_id=request_id)
        subjects = {Compartment.CONVERSATION: talks_to}
        keys = [key_from(kept, subjects.get(kept["compartment"], delivery.subject_id)) for kept in content["keys"]]
        digest = b64decode(content["digest"], validate=True)
    except (ValueError, KeyError, TypeError):
        keys = []
    if not keys:
        raise BadDelivery("unreadable_content")
    if {key.compartment for key in keys} != REQUEST_COMPARTMENTS or len(keys) != len(REQUEST_COMPARTMENTS):
        raise BadDelivery("wrong_keys")
    request = HelpRequest.objects.filter(id=request_id, person_id=delivery.subject_id).first()
    if request is None:
        raise BadDelivery("request_missing")
    return request, keys, digest


def _partner_in(content: Mapping[str, Any]) -> UUID | None:
    """Return the organisation that brought the request in a file, or None."""
    try:
        partner_id = UUID(str(content.get("from_partner", NOBODY)))
    except ValueError:
        return None
    return None if partner_id == NOBODY else partner_id


def _household_of(request: HelpRequest, content: Mapping[str, Any]) -> list[UUID]:
    """Open and compare everybody whom the box names; return their ids. A row more or less than the box names is not ours."""
    try:
        digests = {UUID(str(key)): b64decode(digest, validate=True) for key, digest in content.get("household", {}).items()}
    except (ValueError, TypeError, AttributeError):
        digests = None
    if digests is None:
        raise BadDelivery("unreadable_content")
    members = list(request.household.all())
    if {member.id for member in members} != set(digests):
        raise BadDelivery("household_differs")
    for member in members:
        for name in HouseholdMember.SEALED_FIELDS:
            getattr(member, name)
        if not hmac.compare_digest(fields.digest(member, HouseholdMember.SEALED_FIELDS), digests[member.id]):
            raise BadDelivery("digest_differs")
    return list(digests)


def _take_answer(delivery: Delivery, content: Mapping[str, Any]) -> None:
    """An answer, or what was written unasked: seal it into the story, note the day on the question, tell the world."""
    request = _request_named(delivery, content)
    try:
        text, audience = str(content["text"]), _audience(content)
        message_id = UUID(str(content["message"])) if content["message"] else None
    except (ValueError, KeyError, TypeError):
        text = ""
    if not text:
        raise BadDelivery("unreadable_content")
    # A question that staff took back meanwhile leaves an answer without a question, not a lost answer.
    questions = Message.objects.filter(help_request=request, kind=MessageKind.QUESTION)
    question = questions.filter(id=message_id).first() if message_id else None
    answer = Answer.objects.create(
        id=delivery.id,
        help_request=request,
        message=question,
        audience=audience,
        text=text,
        received_hour=delivery.received_hour,
    )
    if question is not None:
        answered_on = timezone.localdate(delivery.received_hour)
        earlier = Q(answered_on=None) | Q(answered_on__lt=answered_on)
        Message.objects.filter(earlier, id=question.id).update(answered_on=answered_on)
    record(IntakeVerb.ANSWERED, by=APPLICANT, on=request)
    _heard(delivery, request, content)
    answer_received.send(sender=Answer, answer=answer)


def _take_file(delivery: Delivery, content: Mapping[str, Any]) -> None:
    """A file, or a piece of one."""
    request = _request_named(delivery, content)
    try:
        arriving_files.take_file(delivery, request, content)
    except arriving_files.BadFile as bad:
        raise BadDelivery(bad.reason) from None


def _take_code_changed(delivery: Delivery, content: Mapping[str, Any]) -> None:
    """The code was changed on the public door already; the trail and the app above hear of it."""
    request = _request_named(delivery, content)
    record(IntakeVerb.CODE_CHANGED, by=APPLICANT, on=request)
    code_changed.send(sender=HelpRequest, help_request=request, audience=_audience(content))


def _take_came_back(delivery: Delivery, content: Mapping[str, Any]) -> None:
    """Somebody typed their code. Nothing is kept of it: the delivery is there so that one under duress is not the odd one."""


def _take_duress(delivery: Delivery, content: Mapping[str, Any]) -> None:
    """Something was done behind a second code: contact stops, and whatever else is in the box is left unread."""
    request = _request_named(delivery, content)
    stop = staff_codes.stop_contact(request, StopReason.DURESS, by=APPLICANT)
    contact_stopped.send(sender=HelpRequest, help_request=request, stop=stop)


def _take_wish(delivery: Delivery, content: Mapping[str, Any]) -> None:
    """The person wishes everything deleted: codes and conversation die now and contact stops; the app above does the rest."""
    request = _request_named(delivery, content)
    if _audience(content) is not Audience.PERSON:
        raise BadDelivery("wish_of_another")
    staff_codes.stop_contact(request, StopReason.WISH, by=APPLICANT)
    erasing.forget_conversation(request)
    record(IntakeVerb.DELETION_WISHED, by=APPLICANT, on=request)
    deletion_wished.send(sender=HelpRequest, help_request=request)


def _take_contact_plan(delivery: Delivery, content: Mapping[str, Any]) -> None:
    """How to reach the person: still right, or a new plan that closes the one before."""
    request = _request_named(delivery, content)
    plan = content.get("plan")
    if _audience(content) is not Audience.PERSON:
        raise BadDelivery("plan_of_another")
    if plan is not None and not isinstance(plan, dict):
        raise BadDelivery("unreadable_content")
    today = timezone.localdate(delivery.received_hour)
    if plan is None:
        contact_plans.confirm(request, today=today, arrival=delivery.arrival)
    elif contact_plans.change(request, plan, today=today, arrival=delivery.arrival):
        plan_changed.send(sender=HelpRequest, help_request=request)
    _heard(delivery, request, content)


def _take_consent(delivery: Delivery, content: Mapping[str, Any]) -> None:
    """Consent given, refused or withdrawn on the person's own page; the app above keeps the ledger and stops what must stop."""
    request = _request_named(delivery, content)
    if _audience(content) is not Audience.PERSON:
        raise BadDelivery("consent_of_another")
    try:
        consent_offers.take_answer(request, content, on=timezone.localdate(delivery.received_hour), arrival=delivery.arrival)
    except (ValueError, KeyError, TypeError, ValidationError, ConsentOffer.DoesNotExist):
        raise BadDelivery("unreadable_content") from None
    _heard(delivery, request, content)


def _heard(delivery: Delivery, request: HelpRequest, content: Mapping[str, Any]) -> None:
    """Note the day of the person's last word, which their page may tell."""
    if _audience(content) is Audience.PERSON:
        heard_on = timezone.localdate(delivery.received_hour)
        # Never back to an earlier day by something that is opened late.
        earlier = Q(heard_on=None) | Q(heard_on__lt=heard_on)
        RequestStatus.objects.filter(earlier, id=request.id).update(heard_on=heard_on)


def _request_named(delivery: Delivery, content: Mapping[str, Any]) -> HelpRequest:
    try:
        request_id = UUID(str(content["request"]))
    except (ValueError, KeyError):
        request_id = None
    if request_id is None:
        raise BadDelivery("unreadable_content")
    request = HelpRequest.objects.filter(id=request_id, person_id=delivery.subject_id).first()
    if request is None:
        raise BadDelivery("request_missing")
    return request


def _audience(content: Mapping[str, Any]) -> Audience:
    """Return whose code sent it. Raises ValueError for a word that is none."""
    return Audience(content.get("audience", Audience.PERSON))


TAKERS: dict[DeliveryKind, Callable[[Delivery, Mapping[str, Any]], None]] = {
    DeliveryKind.REQUEST: _take_request,
    DeliveryKind.ANSWER: _take_answer,
    DeliveryKind.FILE: _take_file,
    DeliveryKind.CODE_CHANGED: _take_code_changed,
    DeliveryKind.CAME_BACK: _take_came_back,
    DeliveryKind.DURESS: _take_duress,
    DeliveryKind.WISH: _take_wish,
    DeliveryKind.CONTACT_PLAN: _take_contact_plan,
    DeliveryKind.CONSENT: _take_consent,
}
# A row that stayed would tell how often somebody came back, and which of their codes they were forced to use.
LEAVES_NO_ROW = frozenset({DeliveryKind.CAME_BACK, DeliveryKind.DURESS})


def _passed_over(delivery: Delivery, error: Exception) -> None:
    """A receiver failed: nothing is wrong with what the person sent, so it waits for the next run, MOST_TRIES times at most."""
    logs.failure("delivery_failed", error, delivery_id=delivery.id, tries=delivery.tries + 1)
    if delivery.tries + 1 >= MOST_TRIES:
        _quarantine(delivery, error)
    else:
        Delivery.objects.filter(id=delivery.id).update(tries=delivery.tries + 1)


def _quarantine(delivery: Delivery, error: Exception) -> None:
    """Keep the row aside, with its box, and raise the alarm: log, audit, and whoever listens to `delivery_quarantined`."""
    reason = error.reason if isinstance(error, BadDelivery) else type(error).__name__
    Delivery.objects.filter(id=delivery.id).update(state=DeliveryState.QUARANTINED)
    record(IntakeVerb.QUARANTINED, by=SYSTEM, on=delivery, detail={"reason_code": reason})
    logs.failure("delivery_quarantined", error, delivery_id=delivery.id, reason_code=reason)
    transaction.on_commit(partial(delivery_quarantined.send_robust, sender=Delivery, delivery=delivery, reason=reason))
