"""Two invented people whose referral went on in the office: one waits for a second person, one is with an official."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from cases import actions as casework
from cases.models import Case
from cases.states import Pathway, Verification
from rainbowrail.accounts.models import User
from rainbowrail.crypto import datakeys
from rainbowrail.demo.cast import CONSENT_DAYS, IMA, drain_all, send
from referrals import actions
from referrals.casefile import ConsentHow
from referrals.gather import compile_packet
from referrals.models import Recipient, Referral
from referrals.states import HandedOver

REN: dict[str, Any] = IMA | {
    "call_you": "Ren",
    "pronouns": "he/him",
    "current_country": "KEN",
    "nationality": "UGA",
    "legal_status_current": "asylum_seeker",
    "own_words": "My brothers locked me in a room for nine days. I climbed out at night and took the first bus out.",
}
TAL: dict[str, Any] = REN | {
    "call_you": "Tal",
    "pronouns": "she/her",
    "current_country": "KEN",
    "own_words": "The street read my name in the newspaper before I did. I left the same evening.",
}
PARTS = "BCDEFGH"
ABOUT_REN = {
    "legal_name": "Renato Okello", "used_name": "Ren", "pronouns": "he", "born_on": "1999-04-02", "nationality": "UGA",
    "documents": "None; the family kept the passport.", "relatives": "Mother, born 1970, Kampala, does not know.",
    "category": "protection", "priority_reason": "The family knows the town.", "case_size": "1", "relatives_asked": "yes",
    "claim": "On 14 March 2025 two brothers locked the person in a room for nine days.", "feared": "Two brothers.",
    "protection": "The police post laughed and called the brothers.", "elsewhere": "No: the law holds in the whole country.",
    "host_situation": "No right to work; the landlord asks questions.", "no_other_solution": "Return is not possible.",
    "needs": "None known.", "quote_law": "yes", "reception": "No housing with the person's own community.", "read_back": "yes",
}  # fmt: skip
ABOUT_TAL = ABOUT_REN | {
    "legal_name": "Talia Namara", "used_name": "Tal", "pronouns": "she", "born_on": "1996-11-20",
    "claim": "On 2 May 2025 a newspaper printed the person's name and street; that evening neighbours came with stones.",
    "feared": "Neighbours, and readers of the newspaper.", "priority_reason": "The name is public.",
    "protection": "The police told the person to leave the town.",
}  # fmt: skip


def let_one_wait_and_one_leave(caseworker: User, lead: User, officer: User) -> None:
    """Ren's referral waits for a second person; Tal's file was made, fetched and handed over. Needs every key."""
    recipient = Recipient.objects.filter(retired_on=None).first()
    if recipient is None:
        return
    for answers, about in ((REN, ABOUT_REN), (TAL, ABOUT_TAL)):
        case = _ready_case(answers, caseworker, lead)
        referral = _written(case, about, recipient, officer)
        actions.submit(referral, by=officer.actor)
        if about is ABOUT_TAL:
            _leaves(referral, lead, officer)


def _ready_case(answers: dict[str, Any], caseworker: User, lead: User) -> Case:
    visit = send(answers)
    drain_all()
    with datakeys.scope():
        case = Case.objects.get(help_request=visit.help_request_id)
        casework.claim(case, by=caseworker.actor)
        casework.mark_read(case, by=caseworker.actor)
        casework.assess(
            case, verification=Verification.PLAUSIBLE, pathways=[Pathway.GAR],
            summary="Two long talks. The account holds together, and the newspaper page is in the file.", by=caseworker.actor,
        )  # fmt: skip
        casework.verify(case, by=caseworker.actor)
        return casework.mark_ready(case, by=lead.actor)


def _written(case: Case, words: dict[str, str], recipient: Recipient, officer: User) -> Referral:
    today = timezone.localdate()
    referral = actions.draft(case, recipient=recipient, language="en", by=officer.actor)
    actions.record_consent(
        referral, parts=PARTS, how=ConsentHow.RECORDED_ORAL, language="en", given_on=today,
        ends_on=today + timedelta(days=CONSENT_DAYS), by=officer.actor,
    )  # fmt: skip
    return actions.save_draft(referral, words=words, by=officer.actor)


def _leaves(referral: Referral, lead: User, officer: User) -> None:
    packet, _findings = compile_packet(_fresh(referral), today=timezone.localdate())
    actions.approve(_fresh(referral), read_digest=packet.digest(), by=lead.actor)
    actions.build_packet(referral.pk)
    actions.hand_over(_fresh(referral), on=timezone.localdate(), how=HandedOver.PORTAL, by=officer.actor)


def _fresh(referral: Referral) -> Referral:
    return Referral.objects.select_related("case").get(pk=referral.pk)
