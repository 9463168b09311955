"""What staff do about codes and contact: make a code for somebody, stop writing to them, lift the stop.

`cases` decides who may and asks for the second person (docs/decisions/0047); these do it, in the caller's transaction.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake import codes, consent_offers, contact_plans
from intake.audit_verbs import IntakeVerb
from intake.code_content import CodeContent
from intake.models import ContactStop, HelpRequest, ReturnCode
from intake.models.message import conversation_subject
from intake.opened import key_as
from intake.states import Audience, StopReason
from rainbowrail.actors import Actor, ActorKind
from rainbowrail.audit.record import record
from rainbowrail.crypto import datakeys, return_code
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.errors import NotAllowed, NotPossible


def make_code(help_request_id: UUID, audience: Audience, *, by: Actor) -> str:
    """Return a new code for the person, or for who filed for them; it must be changed at first use. Kept nowhere.

    Their older code, if any, opens nothing from now on, nor do its sessions. The new one opens what is written from now on:
    messages get a new version of the conversation key, and what the older code could read stays with that. Raises NotAllowed
    for anyone but staff, NotPossible for an unknown request, Busy when the pool is full.
    """
    if by.kind is not ActorKind.STAFF:
        raise NotAllowed(_("Only staff make a code for somebody."))
    code = return_code.make()
    keys = return_code.derive(code)
    with transaction.atomic():
        request = HelpRequest.objects.filter(id=help_request_id).first()
        if request is None:
            raise NotPossible(_("This request no longer exists."))
        codes.lock_codes(request.id)
        subject_id = conversation_subject(audience, person_id=request.person_id, help_request_id=request.id)
        conversation = datakeys.renew(subject_id, Compartment.CONVERSATION)
        ReturnCode.objects.filter(help_request=request, audience=audience).delete()
        content = CodeContent(request.id, request.person_id, key_as(conversation), audience, must_change=True)
        codes.write_first_pair(keys, content)
        if audience is Audience.PERSON:
            contact_plans.show(request)
            consent_offers.show_again(request)
        record(IntakeVerb.CODE_MADE, by=by, on=request)
    return code


def stop_contact(request: HelpRequest, why: StopReason, *, by: Actor, reason: str = "") -> ContactStop:
    """Stop every notice to this person until it is lifted. One that is open already stays, with today as its last day.

    Duress, and a wish to be deleted, outweigh what staff noted before. Opens STORY.
    """
    today = timezone.localdate()
    with transaction.atomic():
        stop = ContactStop.objects.select_for_update().filter(help_request=request, lifted_on=None).first()
        if stop is None:
            told = {"why": str(why), "reason": reason, "lifted": ""}
            stop = ContactStop.objects.create(help_request=request, told=told, stopped_on=today, last_on=today)
            record(IntakeVerb.CONTACT_STOPPED, by=by, on=request)
        else:
            stop.last_on = today
            if why is not StopReason.STAFF:
                stop.told = stop.told | {"why": str(why)}
            stop.save()
    return stop


def lift_stop(help_request_id: UUID, *, by: Actor, reason: str) -> ContactStop:
    """Let notices go out again. Raises NotPossible when contact is not stopped."""
    with transaction.atomic():
        stop = ContactStop.objects.select_for_update().filter(help_request_id=help_request_id, lifted_on=None).first()
        if stop is None:
            raise NotPossible(_("Contact with this person is not stopped."))
        stop.told = stop.told | {"lifted": reason}
        stop.lifted_on = timezone.localdate()
        stop.save()
        record(IntakeVerb.CONTACT_RESUMED, by=by, on=stop.help_request)
    return stop
