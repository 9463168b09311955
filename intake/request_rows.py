"""The rows of one new request, sealed under fresh keys and closed to the worker: of an applicant, or filed for somebody.

Safe for the public process. One way for all, so that nothing in the tables tells how a request came.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from intake import codes, marks
from intake.answers import FILERS, Answers, part
from intake.code_content import CodeContent
from intake.deliveries import deliver
from intake.household import household_of
from intake.marks import Mark
from intake.models import HelpRequest, HouseholdMember, RequestStatus
from intake.models.message import conversation_subject
from intake.opened import key_as
from intake.states import Audience, DeliveryKind, PublicStatus
from rainbowrail.crypto import datakeys, fields
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.return_code import CodeKeys

# As long as the id of a partner, so that the size of a box does not tell whether one sent it.
NOBODY = UUID(int=0)


def write_request(
    answers: Answers,
    *,
    language: str,
    code_keys: CodeKeys,
    set_aside_for: Iterable[Mark] = (),
    partner_id: UUID = NOBODY,
    consent: Mapping[str, Any] | None = None,
) -> CodeContent:
    """Write request, household, status, two code rows of one shape, and the delivery, in the caller's transaction.

    Every answer is sealed under keys that this process cannot open again. Returns what the code opens. `set_aside_for`: marks;
    `partner_id`: the organisation that brought the request in a file; both go into the box alone. `consent`: how and when it
    was given, where that was not here and today.
    """
    request_id, person_id = uuid4(), uuid4()
    audience = Audience.FILER if answers.get("submitter") in FILERS else Audience.PERSON
    talks_to = conversation_subject(audience, person_id=person_id, help_request_id=request_id)
    conversation = datakeys.generate(talks_to, Compartment.CONVERSATION)
    keys = [datakeys.generate(person_id, part_of) for part_of in (Compartment.IDENTITY, Compartment.STORY)]
    today = timezone.localdate()
    parts = part(answers, answered_on=today)
    given = {"given_on": today.isoformat(), "language": language, "given_by": str(audience)} | dict(consent or {})
    request = HelpRequest(
        id=request_id,
        person_id=person_id,
        language=language,
        identity=parts.identity,
        answers=parts.story,
        own_words=parts.own_words,
        consent=parts.consent | given,
    )
    household = [HouseholdMember.told_by(request, one, number) for number, one in enumerate(household_of(answers), start=1)]
    request.save(force_insert=True)
    for member in household:
        member.save(force_insert=True)
    RequestStatus(id=request.id, status=PublicStatus.RECEIVED, updated_on=today, heard_on=today).save(force_insert=True)
    opens = CodeContent(request.id, person_id, key_as(conversation), audience)
    codes.write_first_pair(code_keys, opens)
    content = {
        "request": str(request.id),
        "language": language,
        "audience": str(audience),
        "keys": [key_as(key) for key in (*keys, conversation)],
        "digest": b64encode(fields.digest(request, HelpRequest.SEALED_FIELDS)).decode(),
        "marks": marks.written(set_aside_for),
        "from_partner": str(partner_id),
        "household": {str(one.id): b64encode(fields.digest(one, one.SEALED_FIELDS)).decode() for one in household},
    }
    deliver(DeliveryKind.REQUEST, content, subject_id=person_id, sequence=1)
    return opens
