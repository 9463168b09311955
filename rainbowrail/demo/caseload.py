"""Invented cases in bulk: whole rows of every table, sealed like real ones, a few hundred at a time.

The way is not the real one (no draft, no box, no drain), but what stands in the tables afterwards is what the real way leaves.
Return codes are random rows that no code opens; Argon2id for each would take hours.
"""

import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from cases import covering
from cases.actions.planning import due_at_from, next_step, next_step_in
from cases.actions.scoring import policy_row
from cases.models import Assessment, Case, CaseMove, NamedPlaces, Note, UrgencyScore
from cases.states import CaseState, CloseReason, NextStep, Pathway, Verification
from cases.urgency.facts import UrgencyFacts
from cases.urgency.score import Urgency, score
from cases.workflow import public_status
from intake import finding
from intake.answers import STABLE, STABLE_NIGHTS, date_in, facts_of, part
from intake.models import Delivery, HelpRequest, Message, RequestStatus, ReturnCode
from intake.states import DeliveryState, MessageKind
from rainbowrail.actors import ActorKind
from rainbowrail.crypto import datakeys, return_code
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.demo.lives import Life, invent_arrival, invent_life
from rainbowrail.demo.people import Person, invent_person
from rainbowrail.demo.stories import Facts, Story, invent_story
from referrals.models import ConsentRecord, Outcome, Recipient, Referral, SentPacket
from referrals.states import ConsentAct, HandedOver, OutcomeKind, ReferralState

# As large as the wrap of a real code, so that the table looks like one that real codes made.
WRAP_BYTES = 701
NOTES = (
    "Read. The account is clear; the dates still need asking.",
    "Spoke with the partner organisation; they can see the person this week.",
    "Landlord problem is the pressing one. Looked at two places.",
    "Documents seen, copies are clear.",
)
REASONS = ("Agreed with the person.", "No answer after several safe attempts.", "Everything that was planned is done.")
QUESTIONS = (
    "Are you still safe where you are?",
    "Is there a place you could stay for two weeks?",
    "Which papers do you have with you?",
)
WITH_OFFICE = {
    CaseState.REFERRED: ReferralState.SENT,
    CaseState.OUTCOME: ReferralState.DECIDED,
    CaseState.CLOSED: ReferralState.DECIDED,
}


@dataclass(frozen=True, slots=True)
class Staff:
    """User ids of those who worked on invented cases."""

    caseworkers: tuple[int, ...]
    lead: int
    officers: tuple[int, ...]


@dataclass(slots=True)
class Rows:
    """What one batch writes, in the order in which it is written."""

    keys: list[datakeys.OpenKey] = field(default_factory=list)
    by_table: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)

    def add(self, *rows: models.Model) -> None:
        for row in rows:
            self.by_table.setdefault(type(row), []).append(row)

    def write(self) -> None:
        """Insert everything in one transaction; data keys first, without which nothing would ever open."""
        with transaction.atomic():
            datakeys.wrap_for_store(self.keys)
            for table in TABLES:
                table._default_manager.bulk_create(self.by_table.get(table, []), batch_size=1000)
            requests = HelpRequest.objects.filter(pk__in=[row.pk for row in self.by_table.get(HelpRequest, [])])
            finding.index_people(list(requests.values_list("person_id", flat=True)))


TABLES: tuple[type[models.Model], ...] = (
    HelpRequest, RequestStatus, ReturnCode, Delivery, Message, Case, UrgencyScore, NamedPlaces, CaseMove, Note, Assessment,
    ConsentRecord, Referral, SentPacket, Outcome,
)  # fmt: skip


def write_cases(count: int, *, seed: int, staff: Staff, now: datetime | None = None) -> int:
    """Write `count` invented cases in one transaction and return how many there are; the same seed gives the same people."""
    random = Random(seed)
    rows = Rows()
    recipient = Recipient.objects.filter(retired_on=None).first()
    with datakeys.scope():
        for _ in range(count):
            _add_case(rows, random, staff, recipient, now or timezone.now())
        rows.write()
    return count


def _add_case(rows: Rows, random: Random, staff: Staff, recipient: Recipient | None, now: datetime) -> None:
    story = invent_story(random)
    received_at = invent_arrival(random, mean_age=story.mean_age, now=now)
    request = _request(rows, invent_person(random), story, received_at)
    urgency = _urgency(request, received_at.date())
    life = invent_life(random, received_at=received_at, band=urgency.band, now=now)
    case = _case(rows, random, request, urgency, life, staff, now)
    _history(rows, random, case, life)
    if recipient is not None and case.officer_id is not None:
        _referral(rows, random, case, life, staff, recipient, officer=case.officer_id)
    rows.add(RequestStatus(id=request.pk, status=public_status(case), updated_on=_last_day(life)))


def _request(rows: Rows, person: Person, story: Story, received_at: datetime) -> HelpRequest:
    day = received_at.date()
    answers: dict[str, Any] = {
        **_stored(story.facts, day),
        "call_you": person.called,
        "pronouns": person.pronouns or None,
        "nationality": person.nationality,
        "current_country": person.current_country,
        "region": person.city,
        "own_words": story.own_words,
        "contact_channel": "none",
        "consent_read": True,
    }
    parts = part(answers, answered_on=day)
    person_id = uuid.uuid4()
    for compartment in (Compartment.IDENTITY, Compartment.STORY, Compartment.CONVERSATION):
        rows.keys.append(datakeys.generate(person_id, compartment))
    request = HelpRequest(
        person_id=person_id,
        language=person.language,
        received_hour=received_at,
        identity=parts.identity,
        answers=parts.story,
        own_words=parts.own_words,
        consent=parts.consent | {"given_on": day.isoformat(), "language": person.language},
    )
    rows.add(request, *_codes(request))
    rows.add(
        Delivery(
            subject_id=person_id,
            sequence=1,
            box=b"",
            state=DeliveryState.OPENED,
            received_hour=received_at,
            opened_hour=received_at,
        )
    )
    return request


def _codes(request: HelpRequest) -> Iterator[ReturnCode]:
    for _ in range(2):
        locator_hash, wrapped = return_code.decoy(bytes(WRAP_BYTES))
        yield ReturnCode(
            help_request=request,
            locator_hash=locator_hash,
            pepper_version=1,
            params_version=return_code.PARAMS_VERSION,
            wrapped=wrapped,
        )


def _stored(facts: Facts, day: date) -> Facts:
    """Return facts as a draft stores them: days as dates."""
    stored = dict(facts)
    if (days := stored.pop("last_harm_days_ago", None)) is not None:
        stored["last_harm_on"] = date_in(-days, day)
    if (nights := stored.pop("shelter_nights_left", None)) is not None:
        stored["shelter_until"] = STABLE if nights >= STABLE_NIGHTS else date_in(nights, day)
    if (days := stored.pop("money_days", None)) is not None:
        stored["money_until"] = date_in(days, day)
    if event := stored.get("dated_event"):
        dated = {"on": date_in(event["in_days"], day)} if "in_days" in event else {}
        stored["dated_event"] = [{"type": event["type"], **dated}]
    return stored


def _urgency(request: HelpRequest, day: date) -> Urgency:
    return score(UrgencyFacts.from_answers(facts_of(request.answers, today=day)), today=day)


def _case(rows: Rows, random: Random, request: HelpRequest, urgency: Urgency, life: Life, staff: Staff, now: datetime) -> Case:
    case = Case(
        help_request=request,
        state=life.state,
        owner_id=None if life.state is CaseState.RECEIVED else random.choice(staff.caseworkers),
        band=int(urgency.band),
        score=urgency.score,
        received_at=life.received_at,
        country=str(request.answers.get("current_country") or ""),
        language=request.language,
        due_at=life.received_at,
        is_compared=life.state is not CaseState.RECEIVED,  # the older ones were compared long ago
    )
    rows.keys.append(datakeys.generate(case.pk, Compartment.CASEWORK))
    moments = {step.name: step.at for step in life.steps}
    case.first_read_at = moments.get("claim")
    case.contacted_at = moments.get("verify")
    case.planned_at = moments.get("plan_support") or moments.get("mark_ready")
    case.due_at = due_at_from(urgency, case, met=case.met_clocks)
    referred = moments.get("refer")
    case.referred_on = referred.date() if referred else None
    if referred:
        case.officer_id = random.choice(staff.officers)
    if life.close_reason:
        case.closed_at, case.closed_by_id, case.close_reason = life.steps[-1].at, case.owner_id, life.close_reason
    step = next_step_in(life.state, case, today=now.date())
    if life.waits_for_applicant:
        case.waiting_since = life.steps[-1].at
        step = next_step(NextStep.AWAIT_ANSWER, case, today=now.date())
        _question(rows, random, request, case)
    for column, value in step.items():
        setattr(case, column, value)
    scored = policy_row(case, urgency, number=1)
    scored.scored_at = scored.in_force_at = life.received_at
    case.latest_score_id = scored.pk
    rows.add(case, scored)
    if case.is_open:  # nobody is shown the card of a closed one
        known = covering.names_in(request.identity)
        places = covering.all_places({**request.answers, "own_words": request.own_words}, known)
        rows.add(NamedPlaces(case=case, places=places))
    return case


def _question(rows: Rows, random: Random, request: HelpRequest, case: Case) -> None:
    since = case.waiting_since
    sent_on = since.date() if since else timezone.localdate()
    rows.add(
        Message(
            help_request=request,
            person_id=request.person_id,
            kind=MessageKind.QUESTION,
            text=random.choice(QUESTIONS),
            sent_on=sent_on,
            position=1,
        )
    )


def _history(rows: Rows, random: Random, case: Case, life: Life) -> None:
    owner = case.owner_id
    if owner is None:
        return
    for step in life.steps:
        reason = random.choice(REASONS) if step.name == "close" else ""
        rows.add(
            CaseMove(
                case=case, name=step.name, left=step.left, entered=step.entered, by_kind=ActorKind.STAFF, by_id=owner,
                reason=reason, moved_at=step.at,
            )
        )  # fmt: skip
        if step.name == "claim":
            rows.add(Note(case=case, author_id=owner, text=random.choice(NOTES), written_at=step.at))
        if step.name == "verify":
            finding = {"verification": Verification.PLAUSIBLE, "pathways": [random.choice(list(Pathway))]}
            rows.add(
                Assessment(case=case, author_id=owner, finding=finding, summary="The account holds together.", made_at=step.at)
            )


def _referral(rows: Rows, random: Random, case: Case, life: Life, staff: Staff, recipient: Recipient, *, officer: int) -> None:
    """A referral that left the building; our copy of the file is emptied already, as after 30 days; hash and receipt stay."""
    at = next(step.at for step in life.steps if step.name == "refer")
    on = at.date()
    referral = Referral(
        case=case, person_id=case.help_request.person_id, programme=recipient.programme, recipient=recipient, language="en",
        state=WITH_OFFICE[life.state], drafted_by_id=officer, drafted_at=at, edited_by=[officer],
        approved_by_id=staff.lead, approved_at=at, changed_at=at, identity={}, account={}, approved_digest="",
    )  # fmt: skip
    terms = {"parts": list("ABCDEFG"), "how": "recorded_oral", "language": case.language, "by_guardian": False}
    rows.add(
        referral,
        ConsentRecord(
            case=case, programme=recipient.programme, recipient=recipient, act=ConsentAct.GIVEN, act_on=on,
            ends_on=on + timedelta(days=365), text_version="2026-11", recorded_by_id=officer,
            recorded_at=at, arrival=0, terms=terms, note="",
        ),
        SentPacket(
            referral=referral, recipient=recipient, version=1, sha256=secrets.token_hex(32),
            manifest_sha256=secrets.token_hex(32), size=random.randrange(60_000, 400_000), made_at=at,
            sealed_file="", contents={}, handed_over_on=on,
            handed_over_how=HandedOver.PORTAL, handed_over_by_id=officer, office_number="",
            emptied_on=on,
        ),
    )  # fmt: skip
    if referral.state == ReferralState.DECIDED:
        kind = (
            OutcomeKind.ACCEPTED
            if life.close_reason is CloseReason.RESETTLED
            else random.choice((OutcomeKind.ACCEPTED, OutcomeKind.DECLINED))
        )
        decided = datetime.combine(_last_day(life), time(12), UTC)
        rows.add(
            Outcome(
                referral=referral,
                kind=kind,
                answered_on=decided.date(),
                note="",
                recorded_by_id=officer,
                recorded_at=decided,
            )
        )


def _last_day(life: Life) -> date:
    return life.steps[-1].at.date() if life.steps else life.received_at.date()
